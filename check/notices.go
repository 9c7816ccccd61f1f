package check

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"recourse/law"
)

// guaranteeNotice finds that the harmonised notice on the legal guarantee is not there, or not as its authority published it.
func (m market) guaranteeNotice() {
	if !m.GuaranteeNotice {
		return
	}
	act := m.act(law.ActNotice)
	for _, tag := range m.Shop.Markets[m.Country] {
		if labels, _ := m.Law.Labels(tag, m.Country, m.Today); !labels.Official {
			continue // the notice, too, is there in the languages of the EU only
		}
		file := m.noticeFile(tag, law.HarmonisedNotice)
		if file == "" {
			m.add(noticeMissing, Finding{Subject: m.key(), Language: tag, Statute: act.Title, Source: act.Source,
				Message: fmt.Sprintf("The pages for %s show no harmonised notice on the legal guarantee in %s.", m.name(), languageName(tag)),
				Fix:     fmt.Sprintf("Download the official file in that language from the Commission and put it, unchanged, into your own texts as %s/notices/harmonised.svg.", tag)})
			continue
		}
		m.unaltered(tag, file, act)
	}
}

// ownNotice finds that an element of the country waits for its official file.
func (m market) ownNotice(e law.Special) {
	tags := m.Shop.Markets[m.Country]
	for _, tag := range tags {
		if m.noticeFile(tag, e.ID) == "" {
			m.add(noticeOwn, Finding{Subject: m.key(), Language: tag, Source: m.elementSource(e.ID), Details: []string{e.ID},
				Message: fmt.Sprintf("%s asks for this: %s", m.name(), sentence(e.Text)),
				Fix:     fmt.Sprintf("Put the official picture or text into your own texts as %s/notices/%s.png, .svg, .jpg or .txt; the pages show it.", tag, e.ID)})
			continue
		}
		m.unaltered(tag, m.noticeFile(tag, e.ID), law.Act{})
	}
}

// noticeFile is the file of an official notice, "" where there is none.
func (m market) noticeFile(tag, id string) string {
	found, _ := fs.Glob(m.Content, path.Join(tag, "notices", id+".*")) // the pattern is well formed
	if len(found) == 0 {
		return ""
	}
	return found[0]
}

// sums is the file in which a shop may keep the sums of its notices, as sha256sum writes it.
const sums = "SHA256SUMS"

// unaltered compares a notice with what is known of it: the sums in the law, and those noted when it was downloaded.
func (m market) unaltered(tag, file string, act law.Act) {
	data, err := fs.ReadFile(m.Content, file)
	if err != nil {
		return // a build says it
	}
	sum := sha256.Sum256(data)
	want := m.notedSum(tag, path.Base(file))
	for _, f := range act.Files {
		if f.Language == tag {
			want = append(want, f.SHA256)
		}
	}
	for _, w := range want {
		if strings.EqualFold(w, hex.EncodeToString(sum[:])) {
			return
		}
	}
	if len(want) > 0 {
		m.add(noticeAltered, Finding{Subject: file, Language: tag, Statute: act.Title, File: m.place(file),
			Message: fmt.Sprintf("%s is not the file its authority published: the sums differ.", file),
			Fix:     "Download it again; no element of an official notice may be changed."})
	}
}

func (m market) notedSum(tag, name string) (want []string) {
	list, _ := fs.ReadFile(m.Content, path.Join(tag, "notices", sums)) // may not be there
	for lines := bufio.NewScanner(bytes.NewReader(list)); lines.Scan(); {
		if f := strings.Fields(lines.Text()); len(f) == 2 && strings.TrimPrefix(f[1], "*") == name {
			want = append(want, f[0])
		}
	}
	return want
}

func (m market) place(file string) string {
	if m.Folder == nil {
		return file
	}
	return path.Join(m.Folder(file), file)
}
