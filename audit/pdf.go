package audit

import (
	"bytes"
	"context"
	"fmt"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

const (
	mostPDFPages   = 5000
	mostPDFObjects = 1_000_000
	deepestForm    = 8
)

// A pdfFile is a PDF being read.
type pdfFile struct {
	ctx      context.Context
	xref     *model.XRefTable
	document *document
	unpacked int64              // bytes that may still be unpacked
	fonts    map[int]*pdfFont   // by object number
	forms    map[int]types.Dict // drawings being followed, against circles
	drawn    bool               // something was drawn, be it a picture
}

// readPDF takes text and link targets out of a PDF, page by page. pdfcpu reads the file: objects,
// filters, damaged tables, encryption without a password.
func readPDF(ctx context.Context, data []byte) (*document, error) {
	file, err := pdfcpu.ReadWithContext(ctx, bytes.NewReader(data), pdfLimits(data))
	if err != nil {
		return nil, err
	}
	if file.Root == nil {
		return nil, errDamaged
	}
	if err := file.EnsurePageCount(); err != nil {
		return nil, err
	}
	if file.PageCount > mostPDFPages {
		return nil, fmt.Errorf("more than %d pages", mostPDFPages)
	}
	f := &pdfFile{ctx: ctx, xref: file.XRefTable, document: newDocument(), unpacked: mostUnpacked,
		fonts: map[int]*pdfFont{}, forms: map[int]types.Dict{}}
	for page := 1; page <= file.PageCount; page++ {
		if err := f.page(page); err != nil {
			return nil, fmt.Errorf("page %d: %w", page, err)
		}
	}
	if len(f.document.places) == 0 {
		return nil, errScan
	}
	return f.document, nil
}

// pdfLimits shares the bytes that may be unpacked among the streams that are unpacked while the file
// is opened.
func pdfLimits(data []byte) *model.Configuration {
	streams := 1 + bytes.Count(data, []byte("ObjStm")) + bytes.Count(data, []byte("XRef"))
	limits := model.DefaultResourceLimits()
	limits.MaxStreamBytes = int64(len(data))
	limits.MaxDecodeBytes = max(mostUnpacked/int64(streams), 64<<10)
	limits.MaxObjectCount = mostPDFObjects
	limits.MaxXRefEntries = mostPDFObjects
	limits.MaxObjectStreamCount = mostPDFObjects
	return &model.Configuration{Reader15: true, ValidationMode: model.ValidationRelaxed, Offline: true, Limits: limits}
}

func (f *pdfFile) page(number int) error {
	if err := context.Cause(f.ctx); err != nil {
		return err
	}
	page, _, inherited, err := f.xref.PageDict(number, false)
	if err != nil {
		return err
	}
	if page == nil {
		return nil
	}
	content, err := f.content(page["Contents"])
	if err != nil {
		return err
	}
	var text pdfText
	if err := f.draw(&text, content, inherited.Resources); err != nil {
		return err
	}
	return f.add(number, append(text.lines(), f.links(page)...))
}

func (f *pdfFile) add(page int, lines []string) error {
	for _, line := range lines {
		if err := f.document.add(fmt.Sprintf("page %d", page), line); err != nil {
			return err
		}
	}
	return nil
}

// content joins the streams of a page. What is not there draws nothing.
func (f *pdfFile) content(o types.Object) ([]byte, error) {
	if list, ok := f.resolve(o).(types.Array); ok {
		var all []byte
		for _, part := range list {
			one, err := f.stream(part)
			if err != nil {
				return nil, err
			}
			all = append(append(all, one...), '\n')
		}
		return all, nil
	}
	return f.stream(o)
}

func (f *pdfFile) stream(o types.Object) ([]byte, error) {
	sd, ok := f.resolve(o).(types.StreamDict)
	if !ok {
		return nil, nil
	}
	err := sd.DecodeWithLimit(f.unpacked)
	if f.unpacked -= int64(len(sd.Content)); f.unpacked <= 0 {
		return nil, errUnpacked
	}
	return sd.Content, err
}

// resolve follows a reference; nil for what does not exist.
func (f *pdfFile) resolve(o types.Object) types.Object {
	if o == nil {
		return nil
	}
	o, err := f.xref.Dereference(o)
	if err != nil {
		return nil
	}
	return o
}

func (f *pdfFile) dict(o types.Object) types.Dict {
	switch d := f.resolve(o).(type) {
	case types.Dict:
		return d
	case types.StreamDict:
		return d.Dict
	}
	return nil
}

func (f *pdfFile) list(o types.Object) types.Array {
	list, _ := f.resolve(o).(types.Array)
	return list
}

func (f *pdfFile) name(o types.Object) string {
	name, _ := f.resolve(o).(types.Name)
	return string(name)
}

func (f *pdfFile) number(o types.Object) (float64, bool) {
	switch n := f.resolve(o).(type) {
	case types.Integer:
		return float64(n), true
	case types.Float:
		return float64(n), true
	}
	return 0, false
}

// links lists where the links of a page lead.
func (f *pdfFile) links(page types.Dict) (targets []string) {
	for _, o := range f.list(page["Annots"]) {
		action := f.dict(f.dict(o)["A"])
		if uri, err := f.xref.DereferenceStringEntryBytes(action, "URI"); err == nil && len(uri) > 0 {
			targets = append(targets, string(uri))
		}
	}
	return targets
}

// draw follows the operators that show text, and the drawings that contain such operators.
func (f *pdfFile) draw(t *pdfText, content []byte, resources types.Dict) (err error) {
	fonts, drawings := f.dict(resources["Font"]), f.dict(resources["XObject"])
	operations(content, func(op string, args []operand) bool {
		switch op {
		case "Tf":
			t.setFont(f.font(fonts, args), args)
		case "Do":
			err = f.form(t, drawings, args, resources)
		default:
			t.operate(op, args)
		}
		if t.size > mostText {
			err = errTooMuchText
		}
		return err == nil && f.ctx.Err() == nil
	})
	if err == nil {
		err = context.Cause(f.ctx)
	}
	return err
}

func (f *pdfFile) form(t *pdfText, drawings types.Dict, args []operand, outer types.Dict) error {
	if len(args) != 1 || len(f.forms) == deepestForm {
		return nil
	}
	o := drawings[string(args[0].text)]
	form, number := f.dict(o), objectNumber(o)
	if f.name(form["Subtype"]) != "Form" || f.forms[number] != nil {
		return nil
	}
	f.forms[number] = form
	defer delete(f.forms, number)
	content, err := f.stream(o)
	if err != nil {
		return err
	}
	resources := f.dict(form["Resources"])
	if resources == nil {
		resources = outer
	}
	t.save()
	defer t.restore()
	t.transform(f.matrix(form["Matrix"]))
	return f.draw(t, content, resources)
}

func (f *pdfFile) matrix(o types.Object) matrix {
	list := f.list(o)
	if len(list) != 6 {
		return identity
	}
	var m matrix
	for i := range m {
		m[i], _ = f.number(list[i])
	}
	return m
}

func objectNumber(o types.Object) int {
	if ref, ok := o.(types.IndirectRef); ok {
		return ref.ObjectNumber.Value()
	}
	return 0
}
