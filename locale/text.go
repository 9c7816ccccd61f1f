package locale

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Text is the string of a key with its placeholders filled. It panics on a key English does not
// have: that is a mistake in the program, which no translation can mend.
func (l *Language) Text(key string, args ...Arg) string {
	text, ok := l.strings[key]
	if !ok {
		panic(fmt.Sprintf("locale: text %q asked for in %q, but no string file has it; add it to a file under content/en", key, l.Tag))
	}
	return fill(text, args)
}

// Plural is the string of key in the plural category of n, with {n} filled. It panics as Text does.
func (l *Language) Plural(key string, n int, args ...Arg) string {
	args = append([]Arg{{"n", strconv.Itoa(n)}}, args...)
	if text, ok := l.strings[key+"."+l.category(n)]; ok {
		return fill(text, args)
	}
	return l.Text(key+".other", args...)
}

// Has reports whether there is a string for key.
func (l *Language) Has(key string) bool {
	_, ok := l.strings[key]
	return ok
}

// Strings is all strings whose keys begin with prefix and a dot, by the rest of their keys:
// Strings("problem") has "email.invalid". Placeholders stay as they are.
func (l *Language) Strings(prefix string) map[string]string {
	found := make(map[string]string)
	for key, text := range l.strings {
		if rest, ok := strings.CutPrefix(key, prefix+"."); ok {
			found[rest] = text
		}
	}
	return found
}

// fill replaces all placeholders in one pass, so that a visitor's "{name}" in a value stays what it is.
func fill(text string, args []Arg) string {
	if len(args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	var out strings.Builder
	for {
		before, rest, open := strings.Cut(text, "{")
		out.WriteString(before)
		if !open {
			return out.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		if i := slices.IndexFunc(args, func(a Arg) bool { return a.Name == name }); i >= 0 && len(after) < len(rest) {
			out.WriteString(args[i].Value)
			text = after
		} else {
			out.WriteByte('{')
			text = rest
		}
	}
}
