package form

// The limits are far above what people write; they keep a page, a mail and a database row at a sensible size.
// Only what makes a declaration meaningless is required.

var withdrawal = Form{Withdrawal, []Field{
	{Name: "name", Type: Line, Required: true, Max: 200, Autocomplete: "name", Page: 1},
	{Name: "contract", Type: Line, Required: true, Max: 500, Page: 1},
	{Name: "email", Type: Email, Required: true, Max: 254, Autocomplete: "email", Page: 1},
	{Name: "items", Type: Items, Max: 2000, Page: 1},
	{Name: "received_on", Type: Date, Page: 1},
	{Name: "comment", Type: Text, Max: 5000, Page: 1},
}}

var complaint = Form{Complaint, []Field{
	{Name: "name", Type: Line, Required: true, Max: 200, Autocomplete: "name", Page: 1},
	{Name: "email", Type: Email, Required: true, Max: 254, Autocomplete: "email", Page: 1},
	{Name: "contract", Type: Line, Max: 500, Page: 1},
	{Name: "product", Type: Line, Max: 300, Page: 1},
	{Name: "received_on", Type: Date, Page: 1},
	{Name: "reason", Type: Choice, Required: true, Page: 2, Options: []string{
		"not-delivered", "late", "damaged", "defective", "wrong-item", "incomplete", "not-as-described",
		"billing", "refund-missing", "service", "other"}},
	{Name: "description", Type: Text, Required: true, Max: 10000, Page: 2},
	{Name: "remedy", Type: Choice, Page: 2, Options: []string{
		"repair", "replacement", "price-reduction", "refund", "delivery", "explanation", "other"}},
	{Name: "files", Type: Files, Max: 5, Page: 2},
}}
