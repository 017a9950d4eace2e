#include "slurm/directives.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/try.h"

/* sbatch splits its lines at spaces, removes quotes, and ends a line at a # behind a space. So most
 * values must be single words. In free options only line breaks are refused. */
static dla_status check(const char *key, const char *value, bool words, dla_error *err)
{
  for (const char *c = value; *c; c++) {
    unsigned char byte = (unsigned char)*c;
    if (byte == 0x7f || byte < ' ' || (!words && (isspace(byte) || byte == '"' || byte == '\'')))
      return dla_fail(err, DLA_E_INPUT, key, words ? "write it in one line" : "one word",
                      "'%.80s' cannot stand in an #SBATCH line", value);
  }
  return DLA_OK;
}

static bool take_number(const char **text)
{
  const size_t length = strspn(*text, "0123456789");
  *text += length;
  return length > 0;
}

/* MINUTES[:SECONDS], HOURS:MINUTES:SECONDS, DAYS-HOURS[:MINUTES[:SECONDS]], or a word. */
static bool is_time(const char *text)
{
  int colons = 0;
  if (strcasecmp(text, "infinite") == 0 || strcasecmp(text, "unlimited") == 0 ||
      strcmp(text, "-1") == 0)
    return true;
  if (!take_number(&text)) return false;
  if (*text == '-' && (text++, !take_number(&text))) return false;
  for (; *text == ':'; colons++)
    if (text++, !take_number(&text)) return false;
  return !*text && colons <= 2;
}

/* A number of MB, or a number with a unit. */
static bool is_memory(const char *text)
{
  if (!take_number(&text)) return false;
  if (*text && strchr("KkMmGgTt", *text)) text++;
  if (*text == 'B' || *text == 'b') text++;
  return !*text;
}

/* sbatch silently ignores a word that is no option. */
static bool is_option(const char *text)
{
  return text[strspn(text, " \t")] == '-';
}

static dla_status check_kind(const char *key, const char *value, bool (*is)(const char *text),
                             const char *what, const char *hint, dla_error *err)
{
  if (!*value || is(value)) return DLA_OK;
  return dla_fail(err, DLA_E_INPUT, key, hint, "'%.80s' is no %s that sbatch takes", value, what);
}

static dla_status check_kinds(const dla_config *config, dla_error *err)
{
  TRY(check_kind("slurm.time", config->slurm.time, is_time, "time",
                 "minutes, hours:minutes:seconds or days-hours, as 30, 4:00:00 or 2-12", err));
  TRY(check_kind("slurm.mem", config->slurm.mem, is_memory, "memory",
                 "a number of MB, or one with K, M, G or T, as 8G", err));
  return check_kind("slurm.options", config->slurm.options, is_option, "option",
                    "for example --exclusive", err);
}

static dla_status add_word(const char *key, const char *option, const char *value, dla_strbuf *out,
                           dla_error *err)
{
  dla_status status = check(key, value, false, err);
  if (!status && *value) dla_strbuf_printf(out, "#SBATCH --%s=%s\n", option, value);
  return status;
}

static void add_count(const char *option, int64_t value, dla_strbuf *out)
{
  if (value > 0) dla_strbuf_printf(out, "#SBATCH --%s=%" PRId64 "\n", option, value);
}

dla_status dla_slurm_directives(const dla_config *config, dla_strbuf *out, dla_error *err)
{
  const struct {
    const char *key, *option, *value;
  } words[] = {{"slurm.partition", "partition", config->slurm.partition},
               {"slurm.account", "account", config->slurm.account},
               {"slurm.qos", "qos", config->slurm.qos},
               {"slurm.time", "time", config->slurm.time},
               {"slurm.mem", "mem", config->slurm.mem}};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    TRY(add_word(words[i].key, words[i].option, words[i].value, out, err));
  }
  add_count("nodes", config->slurm.nodes, out);
  add_count("ntasks", config->slurm.ntasks, out);
  add_count("cpus-per-task", config->slurm.cpus_per_task, out);
  if (config->slurm.options[0]) dla_strbuf_printf(out, "#SBATCH %s\n", config->slurm.options);
  TRY(check("slurm.options", config->slurm.options, true, err));
  return check_kinds(config, err);
}
