/* What the completions of all shells are made of: the tables of verbs, options and keys. */
#ifndef DLA_CLI_COMPLETION_H
#define DLA_CLI_COMPLETION_H

#include "base/strbuf.h"
#include "cli/verb.h"
#include "config/schema.h"

/* Appends "section.key". */
void dla_completion_key(const dla_key *key, dla_strbuf *out);
/* The values that a key has to choose from; NULL: it has none. */
const char *const *dla_completion_choices(const dla_key *key);
/* Words that stand behind a verb, as stage's get; they end with NULL, or are NULL. */
const char *const *dla_completion_words(const dla_verb *verb);
/* Does it take section.key=value? */
bool dla_completion_takes_keys(const dla_verb *verb);
/* Appends the text so that it may stand in '...': in a shell's script, and in fish's. */
void dla_completion_quote(const char *text, dla_strbuf *out);

#endif
