package docket

import "time"

// Role is what a user may do for a shop.
type Role string

const (
	Reader Role = "reader" // see cases and figures
	Agent  Role = "agent"  // and answer, propose, change
	Owner  Role = "owner"  // and erase, hold, export, and say who the users are
)

// Roles from the least to the most.
var Roles = []Role{Reader, Agent, Owner}

// EveryShop stands for all shops of the server in a user's roles.
const EveryShop = "*"

// User is one of the trader's people.
type User struct {
	ID       int64
	Login    string // lower case, unique
	Name     string
	Hash     string // argon2id of the password
	Epoch    int    // sessions of an earlier epoch have ended: it grows when the password changes or the user is locked
	Disabled bool
	Created  time.Time
	Roles    map[string]Role // shop id or EveryShop -> role
}

// View is a line in the record of who has looked at personal data.
type View struct {
	At     time.Time
	Login  string
	Shop   string
	Case   int64  // 0: a list or an export
	What   string // "list", "case", "file", "search", "export", "print"
	Detail string // number of cases, name of a filter; never what was searched for
}

// Query chooses cases for a list or an export.
type Query struct {
	Shops   []string  // only of these; nil: of all shops of the server
	States  []State   // empty: all
	Form    string    // empty: all
	Suspect bool      // only those in quarantine; else only those that are not, but see All
	All     bool      // in quarantine or not
	DueBy   int       // only open cases due on or before that day.Day; 0: any
	Mail    bool      // only those with a letter that could not be delivered
	Search  string    // words that must all occur in reference, name, address, contract, product, items or description
	From    time.Time // received not before; zero: any
	Until   time.Time // received before; zero: any
	Since   time.Time // received, answered for the first time or closed not before; zero: any
	Limit   int       // 0: all
	Offset  int
}

// Tally counts a shop's cases, for the head of the inbox and for monitoring.
type Tally struct{ New, Open, Overdue, Suspect, Undelivered int }

// Summary is a case without its words, for statistics.
type Summary struct {
	Reference string
	Shop      string
	Form      string
	Locale    string
	Reason    string
	Received  time.Time
	DueDay    int // day.Day
	Answered  time.Time
	Closed    time.Time
	State     State
	Outcome   Outcome
	Rating    int
	Suspect   bool
}

// Erasure is a line in the record of what was erased: counts, never whom it was about.
type Erasure struct {
	At    time.Time
	Shop  string
	Form  string
	Rule  string // what asked for it: the rule of shop.toml, or "request"
	Login string // who; empty: by the clock
	Cases int
	Files int
}
