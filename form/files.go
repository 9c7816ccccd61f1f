package form

// MaxFileBytes is the size a file must stay below.
const MaxFileBytes = 10 << 20

// FileTypes are the endings of accepted files.
var FileTypes = []string{".jpg", ".jpeg", ".png", ".webp", ".heic", ".pdf"}

// CheckFile looks at one attachment by its name and its size in octets. Whether the content is what the name says,
// only the server can tell.
func CheckFile(name string, size int64) Rule {
	switch {
	case !acceptedType(name):
		return FileType
	case size == 0:
		return FileEmpty
	case size >= MaxFileBytes:
		return FileTooLarge
	}
	return OK
}

func (f Field) checkFiles(names string) (Rule, int) {
	count, rule := 0, OK
	for more := true; more; {
		var name string
		name, names, more = split(names, '\n')
		if name == "" {
			continue
		}
		count++
		if !acceptedType(name) {
			rule = FileType
		}
	}
	if count > f.Max {
		return TooMany, count - f.Max
	}
	return rule, 0
}

func acceptedType(name string) bool {
	for _, ending := range FileTypes {
		if n := len(name) - len(ending); n > 0 && alike(name[n:], ending) {
			return true
		}
	}
	return false
}
