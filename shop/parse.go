package shop

import "recourse/strict"

// Error is one mistake in a shop file: file, line, column, key, value, problem and fix.
type Error = strict.Error

// Parse reads a shop file. Its error joins every mistake in the file (errors.Join), each an
// *Error, in the order of the file. What a shop needs beyond a sound file, market by market, is
// said by package check.
func Parse(file string, data []byte) (*Shop, error) {
	var s Shop
	doc := strict.Decode(file, data, &s)
	if doc.Readable() {
		checker{doc, &s}.run()
	}
	conceal(doc.Errors())
	if err := doc.Err(); err != nil {
		return nil, err
	}
	s.setDefaults()
	return &s, nil
}

// setDefaults fills in what may be left out. The consumer pays for sending goods back unless the
// shop says otherwise, as Directive 2011/83/EU Art 14(1) has it.
func (s *Shop) setDefaults() {
	if s.Returns.Cost == "" {
		s.Returns.Cost = CostConsumer
	}
	if longest := max(s.Retention.Withdrawal, s.Retention.Complaint); longest > 0 {
		s.Privacy.RetentionMonths = int(longest)
	}
	if s.Zone == "" {
		s.Zone = zones[s.Trader.Country]
	}
}
