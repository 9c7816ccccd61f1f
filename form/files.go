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
	var all []string
	for _, name := range cut(names, func(r rune) bool { return r == '\n' }) {
		if name != "" {
			all = append(all, name)
		}
	}
	if len(all) > f.Max {
		return TooMany, len(all) - f.Max
	}
	for _, name := range all {
		if !acceptedType(name) {
			return FileType, 0
		}
	}
	return OK, 0
}

func acceptedType(name string) bool {
	name = fold(name)
	for _, ending := range FileTypes {
		if len(name) > len(ending) && name[len(name)-len(ending):] == ending {
			return true
		}
	}
	return false
}
