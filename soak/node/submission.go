package node

import (
	"strconv"
)

// Path takes submissions.
const Path = "/api/v1/submissions"

// Submission is the body of a withdrawal as the widget sends it. Each number has an address of its own: letters to one
// address are spread over hours.
func Submission(to []byte, id string, number int64) []byte {
	to = append(to, `{"id":"`...)
	to = append(to, id...)
	to = append(to, `","shop":"`+Shop+`","form":"withdrawal","locale":"en-DE","fields":{"name":"Anna Nowak","contract":"A-`...)
	to = strconv.AppendInt(to, number, 10)
	to = append(to, `","email":"`...)
	to = append(to, Email(number)...)
	return append(to, `","comment":"The amber necklace with the long chain, which came on Monday, does not suit me. I keep the earrings."}}`...)
}

// Email is the address in the submission of a number.
func Email(number int64) string { return "anna." + strconv.FormatInt(number, 10) + "@example.org" }
