/* dla-train new DIR: writes a first configuration, for the user's data. */
#include "config.h" /* realpath */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/json.h"
#include "base/make_folder.h"
#include "base/path.h"
#include "base/plural.h"
#include "base/shell_quote.h"
#include "base/try.h"
#include "base/utf8.h"
#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/pictures.h"
#include "cli/verb.h"
#include "data/pictures/set.h"
#include "recipe/recipe.h"

typedef struct new_options {
  bool json;
  const char *data;
} new_options;

static const dla_flag flags[] = {
    {"data", "PATH", "folder or archive of the images (default: DIR, else the current folder)",
     offsetof(new_options, data)},
    {"json", NULL, "print one JSON object instead of text", offsetof(new_options, json)},
    {0},
};

/* All are owned. */
typedef struct paths {
  char *data, *folder, *config, *output;
} paths;

static void free_paths(paths *p)
{
  free(p->data);
  free(p->folder);
  free(p->config);
  free(p->output);
}

/* The absolute path, so that the configuration is valid from any folder. */
static dla_status whole(const char *path, char **out, dla_error *err)
{
  *out = realpath(path, NULL);
  if (!*out && errno == ENOMEM) return dla_fail_memory(err, "a file name");
  if (!*out)
    return dla_fail(err, DLA_E_INPUT, path, "--data=PATH says where the images are",
                    "there is no such file or folder");
  if (!dla_utf8_valid(*out))
    return dla_fail(err, DLA_E_INPUT, path, "rename it, or link to it",
                    "the name is no UTF-8, and a configuration is UTF-8 text");
  return DLA_OK;
}

static dla_status look(const char *place, const dla_config *config, dla_facts *facts,
                       dla_error *err)
{
  dla_cli_watch state;
  const dla_experiment_watch watch = dla_cli_watch_pictures(&state, config, NULL);
  dla_dataset_options options = dla_experiment_dataset(config, &watch);
  dla_status status = dla_facts_find(place, &options, facts, err);
  if (status != DLA_E_INPUT || !dla_pictures_are_named(place)) return status;
  options.pictures.file_names = true;
  return dla_facts_find(place, &options, facts, err);
}

/* If nobody says where the images are, looks in the folder, then in the current one. */
static dla_status find_data(const char *folder, const new_options *o, const dla_config *config,
                            dla_facts *facts, char **data, dla_error *err)
{
  const char *place = o->data ? o->data : folder;
  dla_error first = {0};
  if (!o->data && access(folder, F_OK) != 0) place = ".";
  dla_status status = look(place, config, facts, &first);
  if (status == DLA_E_INPUT && !o->data && place == folder) {
    place = ".";
    status = look(place, config, facts, &first);
  }
  if (status == DLA_E_INPUT && !o->data)
    return dla_fail(err, DLA_E_INPUT, first.where, "say where the images are: --data=PATH",
                    "%.400s", first.what);
  if (status) {
    *err = first;
    return status;
  }
  return whole(place, data, err);
}

/* The configuration that was written must be readable. */
static dla_status check(const char *name, const char *yaml, dla_error *err)
{
  dla_config config;
  const dla_config_layers layers = {.path = name, .text = yaml};
  TRY(dla_config_load(&config, &layers, err));
  dla_config_free(&config);
  return DLA_OK;
}

static dla_status fail_there(const char *path, dla_error *err)
{
  return dla_fail(err, DLA_E_INPUT, path, "name another folder, or move it away",
                  "it is there already, and nothing is overwritten");
}

/* Creates the file first, so that it overwrites no file that another program makes meanwhile. */
static dla_status write_new(const char *path, const dla_strbuf *yaml, dla_error *err)
{
  const int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0 && errno == EEXIST) return fail_there(path, err);
  if (file < 0) return dla_fail_errno(err, path, "make");
  close(file);
  dla_status status = dla_atomic_replace(path, yaml->text, yaml->length, err);
  if (status) unlink(path);
  return status;
}

static dla_status make_paths(const char *folder, paths *p, dla_error *err)
{
  TRY(dla_make_folder(folder, err));
  TRY(whole(folder, &p->folder, err));
  p->output = dla_join_path(p->folder, "run");
  return p->output ? DLA_OK : dla_fail_memory(err, "a file name");
}

/* Whether the path would be taken for an option or an override. */
static bool needs_dot(const char *path)
{
  return path[0] == '-' || dla_operand_is_override(path);
}

static dla_status tell(const paths *p, const dla_recipe *r, const dla_facts *f, dla_error *err)
{
  dla_strbuf out = {0};
  dla_strbuf_printf(&out,
                    "%s: %zu images to train with, %zu to test with, %d classes\n"
                    "%s at %d pixels, %d epoch%s, batches of %d: each line of it says what it is "
                    "for. Train it with\n\n  dla-train ",
                    f->format, f->train, f->test, f->classes, r->network, r->image_size, r->epochs,
                    dla_plural((uint64_t)r->epochs), r->batch_size);
  if (needs_dot(p->config)) dla_strbuf_printf(&out, "./");
  dla_shell_quote(p->config, &out);
  dla_strbuf_printf(&out, "\n");
  return dla_cli_print(&out, err);
}

static dla_status tell_json(const paths *p, const dla_recipe *r, const dla_facts *f, dla_error *err)
{
  dla_strbuf out = {0};
  dla_json json = dla_json_begin(&out);
  dla_json_text(&json, "config", p->config);
  dla_json_text(&json, "data", p->data);
  dla_json_text(&json, "format", f->format);
  dla_json_bytes(&json, "train", f->train);
  dla_json_bytes(&json, "test", f->test);
  dla_json_integer(&json, "classes", f->classes);
  dla_json_text(&json, "network", r->network);
  dla_json_integer(&json, "image_size", r->image_size);
  dla_json_integer(&json, "epochs", r->epochs);
  dla_json_integer(&json, "batch_size", r->batch_size);
  return dla_cli_print_object(&json, err);
}

static dla_status make(const char *folder, const new_options *o, paths *p, dla_error *err)
{
  dla_config config;
  dla_facts facts;
  dla_strbuf yaml = {0};
  const dla_config_layers none = {0};
  p->config = dla_join_path(folder, "config.yaml");
  if (!p->config) return dla_fail_memory(err, "a file name");
  if (access(p->config, F_OK) == 0) return fail_there(p->config, err);
  TRY(dla_config_load(&config, &none, err));
  dla_status status = find_data(folder, o, &config, &facts, &p->data, err);
  dla_config_free(&config);
  if (!status) status = make_paths(folder, p, err);
  if (status) return status;
  const dla_recipe recipe = dla_recipe_choose(&facts);
  dla_recipe_write(&recipe, &facts, p->data, p->output, &yaml);
  status =
      yaml.failed ? dla_fail_memory(err, "the configuration") : check(p->config, yaml.text, err);
  if (!status) status = write_new(p->config, &yaml, err);
  dla_strbuf_free(&yaml);
  if (status) return status;
  return o->json ? tell_json(p, &recipe, &facts, err) : tell(p, &recipe, &facts, err);
}

static dla_status act(dla_arguments *arguments, void *options, dla_error *err)
{
  paths p = {0};
  if (arguments->count != 1)
    return dla_fail(err, DLA_E_INPUT, "new", "dla-train new DIR [--data=PATH]",
                    "it takes one folder, in which it writes config.yaml");
  dla_status status = make(arguments->operands[0], options, &p, err);
  free_paths(&p);
  return status;
}

const dla_verb dla_verb_new = {
    .name = "new",
    .summary = "write a commented config for your images, to begin with",
    .arguments = "DIR",
    .flags = flags,
    .options = sizeof(new_options),
    .act = act,
};
