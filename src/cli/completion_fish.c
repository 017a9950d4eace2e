/* Completion for fish: one line for each candidate. */
#include "cli/completion.h"
#include "cli/info.h"
#include "config/torch_options.h"

/* Appends " -d 'description'" and the end of the line. */
static void describe(dla_strbuf *out, const char *doc)
{
  dla_strbuf_printf(out, " -d ");
  dla_completion_quote(doc, out);
  dla_strbuf_printf(out, "\n");
}

static void write_option(dla_strbuf *out, const char *condition, const char *name,
                         const char *value, const char *doc)
{
  dla_strbuf_printf(out, "complete -c dla-train -n %s -l %s%s", condition, name,
                    value ? " -r" : "");
  describe(out, doc);
}

static void write_verb(dla_strbuf *out, const dla_verb *verb)
{
  dla_strbuf seen = {0};
  dla_strbuf_printf(out, "complete -c dla-train -n __fish_use_subcommand -a %s", verb->name);
  describe(out, verb->summary);
  dla_strbuf_printf(&seen, "'__fish_seen_subcommand_from %s'", verb->name);
  for (const dla_flag *flag = verb->flags; flag && flag->name; flag++)
    write_option(out, dla_strbuf_text(&seen), flag->name, flag->value, flag->doc);
  for (const char *const *word = dla_completion_words(verb); word && *word; word++)
    dla_strbuf_printf(out, "complete -c dla-train -n %s -a %s\n", dla_strbuf_text(&seen), *word);
  out->failed |= dla_strbuf_done(&seen);
}

/* Writes __dla_train_keys: true unless the command line has a verb that takes no keys. */
static void write_condition(dla_strbuf *out)
{
  dla_strbuf_printf(out, "function __dla_train_keys\n"
                         "  not __fish_seen_subcommand_from");
  for (const dla_verb *const *verb = dla_verbs; *verb; verb++)
    if ((*verb)->summary && !dla_completion_takes_keys(*verb))
      dla_strbuf_printf(out, " %s", (*verb)->name);
  dla_strbuf_printf(out, "\n  and string length -q -- (commandline -ct)\nend\n");
}

static void write_key(dla_strbuf *out, const dla_key *key)
{
  const char *const *choice = dla_completion_choices(key);
  const char *const none[] = {"", NULL};
  for (choice = choice ? choice : none; *choice; choice++) {
    dla_strbuf_printf(out, "complete -c dla-train -n __dla_train_keys -a ");
    dla_completion_key(key, out);
    dla_strbuf_printf(out, "=%s", *choice);
    describe(out, key->doc);
  }
}

void dla_completion_fish(dla_strbuf *out)
{
  dla_strbuf_printf(out,
                    "# fish completion for dla-train, as dla-train --completion-fish prints it\n");
  write_condition(out);
  for (const dla_info *info = dla_infos; info->name; info++)
    write_option(out, "__fish_use_subcommand", info->name, NULL, info->doc);
  for (const dla_verb *const *verb = dla_verbs; *verb; verb++)
    if ((*verb)->summary) write_verb(out, *verb);
  for (const dla_torch_option *o = dla_torch_options; o->name; o++)
    write_option(out, "__dla_train_keys", o->name, o->value, o->doc);
  for (size_t i = 0; i < DLA_KEY_COUNT; i++)
    write_key(out, &dla_keys[i]);
}
