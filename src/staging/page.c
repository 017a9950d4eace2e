#include "staging/page.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/one_line.h"

/* Finds `word` without regard to case; NULL if it is not there. */
static const char *find(const char *text, const char *end, const char *word)
{
  size_t length = strlen(word);
  for (; text < end && (size_t)(end - text) >= length; text++)
    if (strncasecmp(text, word, length) == 0) return text;
  return NULL;
}

static const char *skip_blanks(const char *text, const char *end)
{
  if (end - text >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) text += 3; /* a byte order mark */
  while (text < end && isspace((unsigned char)*text))
    text++;
  return text;
}

bool dla_page_is_html(const char *text, size_t size)
{
  static const char *const starts[] = {"<!doctype html", "<html", "<head", "<body", "<title"};
  const char *end = text + size;
  text = skip_blanks(text, end);
  /* A comment, or an XML declaration, may come first. */
  while (end - text > 4 && (memcmp(text, "<!--", 4) == 0 || memcmp(text, "<?", 2) == 0)) {
    const char *close = find(text, end, text[1] == '?' ? "?>" : "-->");
    if (!close) return false;
    text = skip_blanks(close + (text[1] == '?' ? 2 : 3), end);
  }
  for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
    if (end - text >= (ptrdiff_t)strlen(starts[i]) &&
        strncasecmp(text, starts[i], strlen(starts[i])) == 0)
      return true;
  return false;
}

/* Narrows the text to the part between <name ...> and </name>. */
static bool narrow(const char **text, const char **end, const char *name, const char *closing)
{
  const char *open = find(*text, *end, name);
  const char *start = open ? memchr(open, '>', (size_t)(*end - open)) : NULL;
  const char *close = start ? find(start, *end, closing) : NULL;
  if (!close) return false;
  *text = start + 1;
  *end = close;
  return true;
}

/* Returns the character of an entity such as &amp; and moves *at to its last byte. Where it knows
 * no entity, it returns the ampersand. */
static char entity(const char **at, const char *end)
{
  static const struct {
    const char *name;
    char c;
  } known[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    size_t length = strlen(known[i].name);
    if ((size_t)(end - *at) < length || memcmp(*at, known[i].name, length) != 0) continue;
    *at += length - 1;
    return known[i].c;
  }
  return '&';
}

void dla_page_words(const char *text, size_t size, char *words, size_t room)
{
  enum { LONGEST = 160 };
  const char *begin = text, *end = text + size;
  size_t count = 0, most = room - 1 < LONGEST ? room - 1 : LONGEST;
  bool blank = false, tag = false, html = dla_page_is_html(text, size);
  if (html && !narrow(&begin, &end, "<title", "</title>") && !narrow(&begin, &end, "<h1", "</h1>"))
    end = begin;
  const char *at = skip_blanks(begin, end);
  for (; at < end && *at && count + 1 < most; at++) {
    bool opens = html && *at == '<', closes = tag && *at == '>';
    tag = (tag && !closes) || opens;
    if (tag || closes || isspace((unsigned char)*at)) {
      blank = count > 0;
      continue;
    }
    if (blank) words[count++] = ' ';
    blank = false;
    words[count++] = html && *at == '&' ? entity(&at, end) : *at;
  }
  words[count] = '\0';
  dla_one_line(words);
}
