package sitegen

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"slices"
	"time"

	"recourse/day"
	"recourse/ledger"
	"recourse/locale"
)

// feedFile tells those who subscribe of each version of a text. It is RSS 2.0: every reader takes it, also the mail services that
// shops use to tell customers of changes. All its days are those of the ledger.
const feedFile = "feed.xml"

type rss struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Atom    string   `xml:"xmlns:atom,attr"`
	Channel channel  `xml:"channel"`
}

type channel struct {
	Title       string   `xml:"title"`
	Link        string   `xml:"link"`
	Self        selfLink `xml:"atom:link"`
	Description string   `xml:"description"`
	Language    string   `xml:"language"`
	Changed     string   `xml:"lastBuildDate"`
	Items       []item   `xml:"item"`
}

// selfLink is where the feed itself is.
type selfLink struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
}

type item struct {
	Title       string `xml:"title"`
	Link        string `xml:"link"`
	Description string `xml:"description"`
	ID          itemID `xml:"guid"`
	Published   string `xml:"pubDate"`
}

// itemID stays when the pages move, and changes when a version to come is replaced.
type itemID struct {
	Permanent bool   `xml:"isPermaLink,attr"`
	Value     string `xml:",chardata"`
}

const feedType = "application/rss+xml"

// addFeed makes the feed and the link to it. Without any version there is none.
func (c *chronicle) addFeed() error {
	versions := c.published()
	if len(versions) == 0 {
		return nil
	}
	var link bytes.Buffer
	if err := c.layouts.ExecuteTemplate(&link, "feed.html", feedLink{c.feedTitle(), c.home + feedFile}); err != nil {
		return fmt.Errorf("fill the layout feed.html for %s: %w", c.locale.Tag(), err)
	}
	c.feed = literal(bytes.TrimSpace(link.Bytes()))
	data, err := xml.MarshalIndent(c.rss(versions), "", " ")
	if err != nil {
		return fmt.Errorf("write %s: %w", feedFile, err)
	}
	c.files[c.locale.Tag()+"/"+feedFile] = append([]byte(xml.Header), append(data, '\n')...)
	return nil
}

func (c chronicle) rss(versions []ledger.Version) rss {
	f := rss{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", Channel: channel{
		Title: c.feedTitle(), Link: c.home, Self: selfLink{c.home + feedFile, "self", feedType}, Description: c.feedTitle(),
		Language: c.locale.Tag(), Changed: rssDate(versions[0].Recorded),
	}}
	for _, v := range versions {
		f.Channel.Items = append(f.Channel.Items, c.item(v))
	}
	return f
}

func (c chronicle) withFeed(slots map[string]*mold) map[string]*mold {
	slots["feed"] = c.feed
	return slots
}

// published are the versions of all pages of the locale.
func (c chronicle) published() (all []ledger.Version) {
	for _, name := range c.ledger.Pages(c.locale.Tag()) {
		all = append(all, c.ledger.Versions(c.locale.Tag(), name)...)
	}
	slices.SortStableFunc(all, func(a, b ledger.Version) int {
		return cmp.Or(cmp.Compare(b.Recorded, a.Recorded), cmp.Compare(b.From, a.From))
	})
	return all
}

func (c chronicle) item(v ledger.Version) item {
	from := c.date("date", v.From)
	return item{
		Title:       c.text("title", locale.Arg{Name: "page", Value: v.Title}, from),
		Link:        c.home + folder(v.Page) + "versions/" + v.From.String() + "/",
		Description: c.text("applies", from),
		ID:          itemID{Value: v.Path() + "#" + v.SHA256},
		Published:   rssDate(v.Recorded),
	}
}

func (c chronicle) feedTitle() string {
	return c.locale.Text("site.feed", locale.Arg{Name: "shop", Value: c.shop})
}

func rssDate(d day.Day) string {
	t, _ := time.Parse(time.DateOnly, d.String()) // a day is written so
	return t.Format(time.RFC1123Z)
}

// feedLink is what the layout feed.html sees.
type feedLink struct{ Title, Href string }
