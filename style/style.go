// Package style holds the stylesheet of every page people see: the generated ones and those of the intake.
//
// All class names begin with rc-. The sheet needs no script, no font and no image.
package style

import _ "embed"

//go:embed style.css
var CSS []byte
