/* Completion for zsh. */
#include <string.h>

#include "cli/completion.h"
#include "cli/info.h"
#include "config/torch_options.h"

/* Writes 'NAME:description' for _describe, for which a colon ends the name. */
static void write_described(dla_strbuf *out, const char *before, const char *name,
                            const char *behind, const char *doc)
{
  dla_strbuf text = {0};
  dla_strbuf_printf(&text, "%s%s%s:%s", before, name, behind, doc);
  dla_strbuf_printf(out, "    ");
  dla_completion_quote(dla_strbuf_text(&text), out);
  dla_strbuf_printf(out, "\n");
  out->failed |= dla_strbuf_done(&text);
}

static void write_tables(dla_strbuf *out)
{
  dla_strbuf_printf(out, "  verbs=(\n");
  for (const dla_verb *const *verb = dla_verbs; *verb; verb++)
    if ((*verb)->summary) write_described(out, "", (*verb)->name, "", (*verb)->summary);
  dla_strbuf_printf(out, "  )\n  infos=(\n");
  for (const dla_info *info = dla_infos; info->name; info++)
    write_described(out, "--", info->name, "", info->doc);
  dla_strbuf_printf(out, "  )\n  torch=(\n");
  for (const dla_torch_option *o = dla_torch_options; o->name; o++)
    write_described(out, "--", o->name, o->value ? "=" : "", o->doc);
  dla_strbuf_printf(out, "  )\n  all_keys=(\n");
  for (size_t i = 0; i < DLA_KEY_COUNT; i++) {
    dla_strbuf name = {0};
    dla_completion_key(&dla_keys[i], &name);
    write_described(out, "", dla_strbuf_text(&name), "=", dla_keys[i].doc);
    out->failed |= dla_strbuf_done(&name);
  }
  dla_strbuf_printf(out, "  )\n");
}

static void write_verbs(dla_strbuf *out)
{
  dla_strbuf_printf(out, "  case $verb in\n");
  for (const dla_verb *const *verb = dla_verbs; *verb; verb++) {
    if (!(*verb)->summary) continue;
    dla_strbuf_printf(out, "    %s)\n    options=(\n", (*verb)->name);
    for (const dla_flag *flag = (*verb)->flags; flag && flag->name; flag++)
      write_described(out, "--", flag->name, flag->value ? "=" : "", flag->doc);
    dla_strbuf_printf(out, "    )\n");
    if (dla_verb_takes_config(*verb)) dla_strbuf_printf(out, "    options+=($torch)\n");
    if (dla_completion_takes_keys(*verb)) dla_strbuf_printf(out, "    keys=($all_keys)\n");
    if (*verb == &dla_verb_help) dla_strbuf_printf(out, "    words=($verbs)\n");
    const char *const *word = dla_completion_words(*verb);
    if (word) dla_strbuf_printf(out, "    words=(");
    for (; word && *word; word++)
      dla_strbuf_printf(out, "%s%s", *word, word[1] ? " " : ")\n");
    dla_strbuf_printf(out, "    ;;\n");
  }
  dla_strbuf_printf(out, "  esac\n");
}

static void write_values(dla_strbuf *out)
{
  dla_strbuf_printf(out, "    case $key in\n");
  for (size_t i = 0; i < DLA_KEY_COUNT; i++) {
    const char *const *choice = dla_completion_choices(&dla_keys[i]);
    if (!choice) continue;
    dla_strbuf_printf(out, "      ");
    dla_completion_key(&dla_keys[i], out);
    dla_strbuf_printf(out, ") compadd --");
    for (; *choice; choice++)
      dla_strbuf_printf(out, " %s", *choice);
    dla_strbuf_printf(out, "; return ;;\n");
  }
  dla_strbuf_printf(out, "    esac\n");
}

void dla_completion_zsh(dla_strbuf *out)
{
  dla_strbuf_printf(out, "#compdef dla-train\n"
                         "# as dla-train --completion-zsh prints it\n"
                         "_dla_train() {\n"
                         "  local -a verbs infos torch all_keys options keys words\n"
                         "  local verb=train key\n");
  dla_strbuf_printf(out, "  local first=${(Q)${(z)BUFFER}[2]}\n");
  write_tables(out);
  dla_strbuf_printf(out, "  (( CURRENT > 2 && ${verbs[(I)$first:*]} )) && verb=$first\n");
  write_verbs(out);
  dla_strbuf_printf(out, "  if [[ $PREFIX == *=* ]]; then\n"
                         "    key=${PREFIX%%%%=*}\n"
                         "    compset -P '*='\n");
  write_values(out);
  dla_strbuf_printf(out, "    _files\n"
                         "    return\n"
                         "  fi\n"
                         "  if [[ $PREFIX == -* ]]; then\n"
                         "    (( CURRENT == 2 )) && options=($infos $options)\n"
                         "    _describe -o option options -S ''\n"
                         "    return\n"
                         "  fi\n"
                         "  (( CURRENT == 2 )) && _describe verb verbs\n"
                         "  (( $#words )) && _describe word words\n"
                         "  [[ -n $PREFIX ]] && (( $#keys )) && _describe key keys -S ''\n"
                         "  _files\n"
                         "}\n"
                         "_dla_train \"$@\"\n");
}
