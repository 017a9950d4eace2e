/* Completion for bash. It does not need the package bash-completion. */
#include "cli/completion.h"
#include "cli/info.h"
#include "config/torch_options.h"

static void write_names(dla_strbuf *out)
{
  dla_strbuf_printf(out, "_dla_train_verbs='");
  for (const dla_verb *const *verb = dla_verbs; *verb; verb++)
    if ((*verb)->summary) dla_strbuf_printf(out, "%s ", (*verb)->name);
  dla_strbuf_printf(out, "'\n_dla_train_infos='");
  for (const dla_info *info = dla_infos; info->name; info++)
    dla_strbuf_printf(out, "--%s ", info->name);
  dla_strbuf_printf(out, "'\n_dla_train_torch='");
  for (const dla_torch_option *o = dla_torch_options; o->name; o++)
    dla_strbuf_printf(out, "--%s%s ", o->name, o->value ? "=" : "");
  dla_strbuf_printf(out, "'\n_dla_train_keys='");
  for (size_t i = 0; i < DLA_KEY_COUNT; i++) {
    dla_completion_key(&dla_keys[i], out);
    dla_strbuf_printf(out, "= ");
  }
  dla_strbuf_printf(out, "'\n");
}

/* Writes a case statement that sets what each verb takes. */
static void write_verbs(dla_strbuf *out)
{
  dla_strbuf_printf(out, "_dla_train_of_verb() {\n  case $1 in\n");
  for (const dla_verb *const *verb = dla_verbs; *verb; verb++) {
    if (!(*verb)->summary) continue;
    dla_strbuf_printf(out, "    %s) options='--help ", (*verb)->name);
    for (const dla_flag *flag = (*verb)->flags; flag && flag->name; flag++)
      dla_strbuf_printf(out, "--%s%s ", flag->name, flag->value ? "=" : "");
    dla_strbuf_printf(out, "'");
    if (dla_verb_takes_config(*verb)) dla_strbuf_printf(out, "; options+=$_dla_train_torch");
    if (dla_completion_takes_keys(*verb)) dla_strbuf_printf(out, "; keys=$_dla_train_keys");
    if (*verb == &dla_verb_help) dla_strbuf_printf(out, "; words=$_dla_train_verbs");
    const char *const *word = dla_completion_words(*verb);
    if (word) dla_strbuf_printf(out, "; words='");
    for (; word && *word; word++)
      dla_strbuf_printf(out, "%s%s", *word, word[1] ? " " : "'");
    dla_strbuf_printf(out, " ;;\n");
  }
  dla_strbuf_printf(out, "  esac\n}\n");
}

static void write_values(dla_strbuf *out)
{
  dla_strbuf_printf(out, "_dla_train_values() {\n  case $1 in\n");
  for (size_t i = 0; i < DLA_KEY_COUNT; i++) {
    const char *const *choice = dla_completion_choices(&dla_keys[i]);
    if (!choice) continue;
    dla_strbuf_printf(out, "    ");
    dla_completion_key(&dla_keys[i], out);
    dla_strbuf_printf(out, ") values='");
    for (; *choice; choice++)
      dla_strbuf_printf(out, "%s ", *choice);
    dla_strbuf_printf(out, "' ;;\n");
  }
  dla_strbuf_printf(out, "  esac\n}\n");
}

/* For readline, = ends a word, and offers are placed behind it. */
static const char function[] =
    "_dla_train() {\n"
    "  local line=${COMP_LINE:0:COMP_POINT} verb=train options= keys= words= values= word offered\n"
    "  word=${line##*[[:space:]]}\n"
    "  COMPREPLY=()\n"
    "  if [ \"$COMP_CWORD\" -gt 1 ]; then\n"
    "    case \" $_dla_train_verbs \" in *\" ${COMP_WORDS[1]} \"*) verb=${COMP_WORDS[1]} ;; esac\n"
    "  fi\n"
    "  _dla_train_of_verb \"$verb\"\n"
    "  case $word in\n"
    "    *=*)\n"
    "      _dla_train_values \"${word%%=*}\"\n"
    "      if [ -n \"$values\" ]; then\n"
    "        COMPREPLY=($(compgen -W \"$values\" -- \"${word#*=}\"))\n"
    "      fi\n"
    "      return ;;\n"
    "    -*) offered=$options; [ \"$COMP_CWORD\" -gt 1 ] || offered=\"$_dla_train_infos $offered\" "
    ";;\n"
    "    '') offered=$words; [ \"$COMP_CWORD\" -gt 1 ] || offered=$_dla_train_verbs ;;\n"
    "    *) offered=\"$words $keys\"; [ \"$COMP_CWORD\" -gt 1 ] || offered=\"$_dla_train_verbs "
    "$offered\"\n"
    "  esac\n"
    "  COMPREPLY=($(compgen -W \"$offered\" -- \"$word\"))\n"
    "  case ${COMPREPLY[0]} in *=) compopt -o nospace 2>/dev/null ;; esac\n"
    "}\n"
    "complete -o default -o bashdefault -F _dla_train dla-train\n";

void dla_completion_bash(dla_strbuf *out)
{
  dla_strbuf_printf(out,
                    "# bash completion for dla-train, as dla-train --completion-bash prints it\n");
  write_names(out);
  write_verbs(out);
  write_values(out);
  dla_strbuf_printf(out, "%s", function);
}
