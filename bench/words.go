package main

import (
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sounds are the letters that words of a language are made of here. What they spell means nothing; its bytes cost what
// a text in that language costs.
type sounds struct{ tag, vowels, consonants string }

var languages = []sounds{
	{"bg", "аеиоуъя", "бвгджзклмнпрстфхцчш"},
	{"cs", "aáeéěiíoóuůyý", "bcčdďhjklmnňprřsštťvzž"},
	{"da", "aeiouyæøå", "bdfghjklmnprstv"},
	{"de", "aeiouäöü", "bdfghklmnprstwzß"},
	{"el", "αάεέηήιίοόυύωώ", "βγδζθκλμνξπρστφχψ"},
	{"en", "aeiouy", "bcdfghklmnprstvw"},
	{"es", "aeiouáéíóú", "bcdfglmnñprstvz"},
	{"et", "aeiouõäöü", "dghjklmnprstv"},
	{"fi", "aeiouyäö", "dhjklmnprstv"},
	{"fr", "aeiouéèêàâçî", "bcdfglmnpqrstv"},
	{"ga", "aeiouáéíóú", "bcdfghlmnprst"},
	{"hr", "aeiou", "bcčćdđgjklmnprsštvzž"},
	{"hu", "aáeéiíoóöőuúüű", "bdfghjklmnprstvz"},
	{"it", "aeiouàèìòù", "bcdfglmnprstvz"},
	{"lt", "aąeęėiįouųūy", "bcčdgjklmnprsštvzž"},
	{"lv", "aāeēiīouū", "bcčdgģjkķlļmnņprsštvzž"},
	{"mt", "aeiou", "bċdfġħjklmnpqrstwxżz"},
	{"nl", "aeiouy", "bdfghjklmnprstvwz"},
	{"pl", "aąeęioóuy", "bcćdgjklłmnńprsśtwzźż"},
	{"pt", "aãáâeéêioóõu", "bcçdfglmnprstv"},
	{"ro", "aăâeiîou", "bcdfglmnprsștțvz"},
	{"sk", "aáäeéiíoóôuúyý", "bcčdďhjklĺľmnňprŕsštťvzž"},
	{"sl", "aeiou", "bcčdghjklmnprsštvzž"},
	{"sv", "aeiouyåäö", "bdfghjklmnprstv"},
}

// speaker says the same words whenever it begins with the same seed.
type speaker struct {
	*rand.Rand
	words []string
}

func newSpeaker(s sounds, seed uint64) speaker {
	r := rand.New(rand.NewPCG(seed, uint64(s.tag[0])<<8|uint64(s.tag[1])))
	sp := speaker{Rand: r}
	for range 600 {
		sp.words = append(sp.words, invent(r, []rune(s.vowels), []rune(s.consonants)))
	}
	return sp
}

func invent(r *rand.Rand, vowels, consonants []rune) string {
	var word strings.Builder
	for range 1 + r.IntN(4) {
		word.WriteRune(consonants[r.IntN(len(consonants))])
		word.WriteRune(vowels[r.IntN(len(vowels))])
		if r.IntN(3) == 0 {
			word.WriteRune(consonants[r.IntN(len(consonants))])
		}
	}
	return word.String()
}

// say is n words without a full stop; it begins with a capital letter.
func (s speaker) say(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = s.words[s.IntN(len(s.words))]
	}
	text := strings.Join(words, " ")
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

func (s speaker) sentence() string { return s.say(8+s.IntN(8)) + "." }

func (s speaker) paragraph() string {
	return s.sentence() + " " + s.sentence() + " **" + s.say(3) + "** " + s.sentence()
}
