// Days counted the way Regulation (EEC, Euratom) 1182/71 counts them, written down a second time so that the program's own
// counting is checked against something else. Days are Dates at midnight UTC.

const days = (date, n) => new Date(+date + n * 86_400_000);

// today is the calendar day in the time zone of the demo shop.
export const today = (now = new Date()) => new Date(new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Berlin" }).format(now) + "T00:00:00Z");

export const plusDays = (n, from = today()) => days(from, n);

// workingDayFrom moves a last day that is no working day in Germany to the next one.
export const workingDayFrom = (date) => {
  while ([0, 6].includes(date.getUTCDay()) || holidays(date.getUTCFullYear()).some((h) => +h === +date)) date = days(date, 1);
  return date;
};

// holidays are those of all sixteen Länder.
const holidays = (year) => {
  const easter = easterSunday(year);
  const fixed = [[1, 1], [5, 1], [10, 3], [12, 25], [12, 26]].map(([month, day]) => new Date(Date.UTC(year, month - 1, day)));
  return [...fixed, days(easter, -2), days(easter, 1), days(easter, 39), days(easter, 50)];
};

// easterSunday by the rule of Gauss, with its two exceptions.
const easterSunday = (year) => {
  const century = Math.floor(year / 100), m = (15 + century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25)) % 30;
  const d = (19 * (year % 19) + m) % 30, n = (4 + century - Math.floor(century / 4)) % 7;
  const e = (2 * (year % 4) + 4 * (year % 7) + 6 * d + n) % 7;
  const march = 22 + d + e;
  const exception = (d === 29 && e === 6) || (d === 28 && e === 6 && (11 * m + 11) % 30 < 19) ? -7 : 0;
  return new Date(Date.UTC(year, 2, march + exception));
};

// inWords writes a day as the inbox of the German demo shop does.
export const inWords = (date, language = "de-DE") => new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(date);
