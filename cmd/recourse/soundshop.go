package main

import (
	"errors"
	"os"
	"reflect"
	"strings"

	"recourse/shop"
	"recourse/sitegen"
	"recourse/strict"
)

// soundShop is what can be used of a shop's file with mistakes: each key and table that is wrong has a value that is not. It is nil
// where there is no file.
func soundShop(file string, mistakes error, languages []string) *shop.Shop {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	sh, whole := anyShop(), anyShop()
	if doc := strict.Decode(file, data, sh); !doc.Readable() {
		doc.Strings(func(key, s string) {
			if key == "content" {
				sh.Content = s
			}
		})
	}
	for _, e := range sitegen.Separate(mistakes) {
		var mistake *shop.Error
		if errors.As(e, &mistake) {
			restore(sh, whole, mistake.Key)
		}
	}
	if len(sh.Markets) == 0 {
		sh.Markets = shop.Markets{"DE": languages}
	}
	return sh
}

// anyShop has a value for everything a shop needs, but for its markets.
func anyShop() *shop.Shop {
	const home = "https://shop.example/"
	return &shop.Shop{
		ID: "shop", Name: "Shop", Website: home, Publish: home + "legal/", Intake: home + "legal/", Zone: "Europe/Berlin",
		Trader:   shop.Trader{LegalName: "Shop", Address: []string{"1"}, Country: "DE", Email: "shop@shop.example"},
		Returns:  shop.Returns{Cost: shop.CostConsumer},
		Disputes: shop.Disputes{Participation: shop.ParticipationNo},
	}
}

// restore takes the part of a shop that a key is in from another one; of the markets it leaves out the one.
func restore(sh, from *shop.Shop, key string) {
	names := strings.FieldsFunc(key, func(r rune) bool { return r == '.' || r == '[' })
	if len(names) == 0 {
		return
	}
	if names[0] == "markets" && len(names) > 1 {
		delete(sh.Markets, names[1])
		return
	}
	to := reflect.ValueOf(sh).Elem()
	for i := range to.NumField() {
		if to.Type().Field(i).Tag.Get("toml") == names[0] {
			to.Field(i).Set(reflect.ValueOf(from).Elem().Field(i))
		}
	}
}
