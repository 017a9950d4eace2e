#include "cli/arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/closest.h"
#include "base/strbuf.h"
#include "base/try.h"
#include "cli/output.h"
#include "config/suggest.h"
#include "config/torch_options.h"

int dla_argument_name_length(const char *argument)
{
  enum { LONGEST = 80 };
  const size_t length = strcspn(argument, "=");
  return length < LONGEST ? (int)length : LONGEST;
}

/* The state while the command line is read. */
typedef struct cursor {
  const dla_verb *verb;
  int argc;
  char **argv;
  int next; /* index of the next argument */
  void *options;
  dla_arguments *arguments;
  dla_error *err;
} cursor;

/* One option and its parts. */
typedef struct option {
  const char *written; /* "--lr=0.1" */
  char name[64];       /* "lr" */
  const char *value;   /* "0.1"; NULL: no value was joined to it */
} option;

static dla_status add_operand(cursor *c, const char *text)
{
  char *copy = strdup(text);
  if (!copy) return dla_fail_memory(c->err, "an argument");
  c->arguments->operands[c->arguments->count++] = copy; /* the array has room for every argument */
  return DLA_OK;
}

/* Sets option->value: nothing for a switch, else the joined value or the next argument. value_name
 * is NULL for a switch. */
static dla_status settle_value(cursor *c, option *o, const char *value_name)
{
  if (!value_name && o->value)
    return dla_fail(c->err, DLA_E_INPUT, NULL, NULL, "--%s takes no value", o->name);
  if (!value_name || o->value) return DLA_OK;
  if (c->next == c->argc || strncmp(c->argv[c->next], "--", 2) == 0)
    return dla_fail(c->err, DLA_E_INPUT, NULL, NULL, "--%s needs a value: --%s=%s", o->name,
                    o->name, value_name);
  o->value = c->argv[c->next++];
  return DLA_OK;
}

static const dla_flag *find_flag(const dla_verb *verb, const char *name)
{
  for (const dla_flag *flag = verb->flags; flag && flag->name; flag++)
    if (strcmp(flag->name, name) == 0) return flag;
  return NULL;
}

static dla_status add_to_list(cursor *c, const dla_flag *flag, const option *o, dla_flag_list *list)
{
  if (list->count == DLA_FLAG_LIST)
    return dla_fail(c->err, DLA_E_INPUT, NULL, NULL, "--%s is given more than %d times", o->name,
                    DLA_FLAG_LIST);
  list->item[list->count].name = flag->name;
  list->item[list->count++].value = o->value;
  return DLA_OK;
}

static dla_status take_flag(cursor *c, const dla_flag *flag, option *o)
{
  TRY(settle_value(c, o, flag->value));
  char *field = (char *)c->options + flag->offset;
  if (flag->value && strstr(flag->value, "..."))
    return add_to_list(c, flag, o, (dla_flag_list *)(void *)field);
  if (flag->value)
    memcpy(field, &o->value, sizeof o->value);
  else
    memcpy(field, &(bool){true}, sizeof(bool));
  return DLA_OK;
}

static dla_status take_torch_option(cursor *c, const dla_torch_option *torch, option *o)
{
  TRY(settle_value(c, o, torch->value));
  dla_strbuf override = {0};
  dla_status status = dla_torch_option_translate(torch, o->value, &override, c->err);
  if (!status && override.length) status = add_operand(c, override.text);
  dla_strbuf_free(&override);
  if (torch->file_may_be_missing) c->arguments->lenient_checkpoint = o->value;
  c->arguments->wants_ranks |= torch->wants_ranks;
  return status;
}

static dla_status unknown_option(cursor *c, const option *o)
{
  char hint[256], help[96], key[256];
  dla_closest closest = dla_closest_to(o->name);
  for (const dla_flag *flag = c->verb->flags; flag && flag->name; flag++)
    dla_closest_offer(&closest, flag->name);
  if (dla_verb_takes_config(c->verb))
    for (const dla_torch_option *torch = dla_torch_options; torch->name; torch++)
      dla_closest_offer(&closest, torch->name);
  snprintf(help, sizeof help, "see dla-train help %s", c->verb->name);
  dla_closest_hint(&closest, "--", help, hint, sizeof hint);
  /* Settings are keys here. Right but for the dashes, it is one of our own options. */
  if (closest.distance > 0 && dla_verb_takes_config(c->verb) &&
      dla_option_hint(o->name, key, sizeof key))
    snprintf(hint, sizeof hint, "%s", key);
  return dla_fail(c->err, DLA_E_INPUT, NULL, hint, "unknown option '%.*s'",
                  dla_argument_name_length(o->written), o->written);
}

static dla_status take_option(cursor *c, const char *written)
{
  option o = {.written = written, .value = strchr(written, '=')};
  const char *name = written + strspn(written, "-");
  int length = (int)(o.value ? o.value - name : (ptrdiff_t)strlen(name));
  snprintf(o.name, sizeof o.name, "%.*s", length, name);
  if (o.value) o.value++;
  if (strncmp(written, "--", 2) != 0) return unknown_option(c, &o);
  const dla_flag *flag = find_flag(c->verb, o.name);
  if (flag) return take_flag(c, flag, &o);
  const dla_torch_option *torch = dla_torch_option_find(o.name);
  if (torch && dla_verb_takes_config(c->verb)) return take_torch_option(c, torch, &o);
  return unknown_option(c, &o);
}

static dla_status take_all(cursor *c)
{
  bool only_operands = false;
  dla_status status = DLA_OK;
  while (!status && c->next < c->argc) {
    const char *text = c->argv[c->next++];
    if (!only_operands && strcmp(text, "--") == 0)
      only_operands = true;
    else if (!only_operands && text[0] == '-' && text[1])
      status = take_option(c, text);
    else
      status = add_operand(c, text);
  }
  return status;
}

dla_status dla_arguments_parse(dla_arguments *arguments, const dla_verb *verb, int argc,
                               char **argv, void *options, dla_error *err)
{
  *arguments = (dla_arguments){0};
  arguments->operands = calloc((size_t)argc + 1, sizeof *arguments->operands);
  if (!arguments->operands) return dla_fail_memory(err, "the arguments");
  cursor c = {.verb = verb,
              .argc = argc,
              .argv = argv,
              .options = options,
              .arguments = arguments,
              .err = err};
  dla_status status = take_all(&c);
  if (status) dla_arguments_free(arguments);
  return status;
}

void dla_arguments_free(dla_arguments *arguments)
{
  dla_free_texts(arguments->operands, (size_t)arguments->count);
  *arguments = (dla_arguments){0};
}

bool dla_operand_is_override(const char *operand)
{
  return operand[strcspn(operand, "=/")] == '=';
}

static dla_status refuse_second(const char *second, const char *first, dla_error *err)
{
  dla_strbuf shown = {0}, earlier = {0};
  dla_cli_shown(second, &shown);
  dla_cli_shown(first, &earlier);
  dla_status status =
      dla_fail(err, DLA_E_INPUT, dla_strbuf_text(&shown), "an override is section.key=value",
               "is a second config file; the first is '%s'", dla_strbuf_text(&earlier));
  dla_strbuf_free(&shown);
  dla_strbuf_free(&earlier);
  return status;
}

/* overrides must have room for every operand. Both results point to the operands' strings. */
static dla_status split_operands(const dla_arguments *arguments, const char **path,
                                 char **overrides, int *count, dla_error *err)
{
  *path = NULL;
  *count = 0;
  for (int i = 0; i < arguments->count; i++) {
    char *operand = arguments->operands[i];
    if (dla_operand_is_override(operand))
      overrides[(*count)++] = operand;
    else if (*path)
      return refuse_second(operand, *path, err);
    else
      *path = operand;
  }
  return DLA_OK;
}

dla_status dla_arguments_layers(const dla_arguments *arguments, dla_config_layers *layers,
                                char ***overrides, dla_error *err)
{
  *overrides = calloc((size_t)arguments->count + 1, sizeof **overrides);
  if (!*overrides) return dla_fail_memory(err, "the arguments");
  *layers =
      (dla_config_layers){.overrides = *overrides, .may_be_missing = arguments->lenient_checkpoint};
  return split_operands(arguments, &layers->path, *overrides, &layers->override_count, err);
}

dla_status dla_arguments_config(const dla_arguments *arguments, dla_config_folders *folders,
                                dla_config *config, dla_error *err)
{
  dla_config_layers layers;
  char **overrides;
  dla_status status = dla_arguments_layers(arguments, &layers, &overrides, err);
  layers.folders = folders;
  if (!status) status = dla_config_load(config, &layers, err);
  free(overrides);
  return status;
}

dla_status dla_cli_load_config(dla_config *config, const dla_verb *verb, int argc, char **argv,
                               void *options, dla_error *err)
{
  dla_arguments arguments;
  TRY(dla_arguments_parse(&arguments, verb, argc, argv, options, err));
  dla_status status = dla_arguments_config(&arguments, NULL, config, err);
  dla_arguments_free(&arguments);
  return status;
}
