package check

import "slices"

// Level says how urgent a finding is.
type Level string

const (
	Error   Level = "error"   // the law of a market asks for it, or the pages would contradict it
	Warning Level = "warning" // probably wrong, or to be done outside these pages
	Note    Level = "note"    // good to know; a lawyer may want to look at it
)

var levels = []Level{Error, Warning, Note}

func (l Level) rank() int { return slices.Index(levels, l) }

// Rule is what findings of one sort have in common. Programs rely on the id: a rule may be dropped, but no id
// changes its meaning.
type Rule struct {
	ID    string
	Level Level
}

var (
	fileWrong = Rule{"shop-file", Error}

	retentionMissing = Rule{"retention-missing", Warning}
	retentionManual  = Rule{"retention-manual", Note}
	phoneMissing     = Rule{"phone-missing", Note}
	phoneNational    = Rule{"phone-national", Note}
	addressLocal     = Rule{"address-local", Warning}
	intakeElsewhere  = Rule{"intake-elsewhere", Warning}
	websiteElsewhere = Rule{"website-elsewhere", Note}
	bodyUnused       = Rule{"body-unused", Warning}
	webhookIdle      = Rule{"webhook-idle", Warning}
	webhookSecrets   = Rule{"webhook-secrets", Warning}

	lawMissing    = Rule{"law-missing", Error}
	lawUnverified = Rule{"law-unverified", Note}
	lawOld        = Rule{"law-old", Warning}

	languageNoTexts = Rule{"language-no-texts", Error}
	languageNone    = Rule{"language-none", Warning}
	languagePartial = Rule{"language-partial", Note}
	labelMissing    = Rule{"label-missing", Error}
	labelTranslated = Rule{"label-translated", Note}

	functionMissing = Rule{"function-missing", Error}
	returnsTooShort = Rule{"returns-too-short", Error}
	returnsNoRight  = Rule{"returns-no-right", Note}
	guaranteeEmpty  = Rule{"guarantee-empty", Warning}
	answerTooSlow   = Rule{"answer-too-slow", Error}
	remedyTooSlow   = Rule{"remedy-too-slow", Warning}

	mediatorMissing = Rule{"mediator-missing", Error}
	bodyMissing     = Rule{"body-missing", Error}
	bodyUnknown     = Rule{"body-unknown", Error}
	bodyAddress     = Rule{"body-address", Error}
	staffMissing    = Rule{"staff-missing", Warning}
	staffExempt     = Rule{"staff-exempt", Note}

	noticeMissing = Rule{"notice-missing", Error}
	noticeAltered = Rule{"notice-altered", Error}
	noticeOwn     = Rule{"notice-own", Warning}
	lawChange     = Rule{"law-change", Note}

	dutyLink = Rule{"duty-link", Warning}
	dutyOwn  = Rule{"duty-own", Note}

	textUnreviewed = Rule{"text-unreviewed", Note}
	ledgerBroken   = Rule{"ledger-broken", Error}

	textUnpublished = Rule{"text-unpublished", Warning}
	versionToCome   = Rule{"version-to-come", Note}
)

// Rules lists every rule, those about unlawful clauses last.
func Rules() []Rule {
	all := []Rule{
		fileWrong, retentionMissing, retentionManual, phoneMissing, phoneNational, addressLocal, intakeElsewhere, websiteElsewhere, bodyUnused,
		webhookIdle, webhookSecrets,
		lawMissing, lawUnverified, lawOld, languageNoTexts, languageNone, languagePartial, labelMissing, labelTranslated,
		functionMissing, returnsTooShort, returnsNoRight, guaranteeEmpty, answerTooSlow, remedyTooSlow,
		mediatorMissing, bodyMissing, bodyUnknown, bodyAddress, staffMissing, staffExempt, noticeMissing, noticeAltered, noticeOwn, lawChange, dutyLink, dutyOwn,
		textUnreviewed, ledgerBroken, textUnpublished, versionToCome,
	}
	for _, c := range clauses().list {
		all = append(all, c.rule())
	}
	return all
}
