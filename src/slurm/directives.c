#include "slurm/directives.h"

#include <ctype.h>
#include <inttypes.h>

/* sbatch splits its lines at spaces, takes quotes off, and ends them at a # behind a space; so a
 * single word is what it needs, and of free options only line breaks would change what they are. */
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
    dla_status status = add_word(words[i].key, words[i].option, words[i].value, out, err);
    if (status) return status;
  }
  add_count("nodes", config->slurm.nodes, out);
  add_count("ntasks", config->slurm.ntasks, out);
  add_count("cpus-per-task", config->slurm.cpus_per_task, out);
  if (config->slurm.options[0]) dla_strbuf_printf(out, "#SBATCH %s\n", config->slurm.options);
  return check("slurm.options", config->slurm.options, true, err);
}
