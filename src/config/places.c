#include "config/places.h"

#include <stdio.h>
#include <string.h>

#include "base/try.h"
#include "config/suggest.h"

const dla_s3_option_names dla_config_input_s3 = {.profile = "input.s3.profile",
                                                 .customer_key_file = "input.s3.sseCKeyFile"};
const dla_s3_option_names dla_config_output_s3 = {.profile = "output.s3.profile",
                                                  .customer_key_file = "output.s3.sseCKeyFile",
                                                  .storage_class = "output.s3.storageClass",
                                                  .sse = "output.s3.sse",
                                                  .kms_key = "output.s3.sseKmsKeyId"};

/* The error for a key, given by its whole name; `where` is the place where the key was set. */
static dla_status refuse(const dla_config *config, const char *path, const char *name,
                         const char *hint, const char *what, dla_error *err)
{
  const dla_key *key;
  char where[256];
  TRY(dla_key_named(name, path, &key, err));
  const size_t i = (size_t)(key - dla_keys);
  if (config->given[i] == DLA_GIVEN_ON_COMMAND_LINE)
    snprintf(where, sizeof where, "command line");
  else if (config->line[i] && path)
    snprintf(where, sizeof where, "%.240s:%u", path, (unsigned)config->line[i]);
  else
    snprintf(where, sizeof where, "%.250s", path ? path : "");
  return dla_fail(err, DLA_E_INPUT, where, hint, "%s: %s", name, what);
}

dla_status dla_config_fail(const dla_config *config, const dla_error *why, dla_error *err)
{
  const dla_key *key;
  if (dla_key_named(why->where, NULL, &key, NULL)) {
    if (err) *err = *why;
    return why->status;
  }
  refuse(config, config->file, why->where, why->hint, why->what, err);
  if (err) err->status = why->status;
  return why->status;
}

static bool holds_options(const dla_s3_options *o)
{
  return dla_option_given(o->profile) || o->requester_pays || o->style ||
         dla_option_given(o->customer_key_file) || dla_option_given(o->storage_class) ||
         dla_sse_is_asked(o->sse) || dla_option_given(o->kms_key);
}

/* At most one of the places may be given, and keys of S3 need a bucket. */
static dla_status check_place(const char *section, const char *dir, const char *url,
                              const dla_s3_config *s3, const char *path, dla_error *err)
{
  bool bucket = s3->bucket_url[0];
  if ((dir[0] != '\0') + (url[0] != '\0') + bucket > 1)
    return dla_fail(err, DLA_E_INPUT, path, "keep one, and leave the others out",
                    "%s: is only one of %shttp and s3", section, *section == 'i' ? "dir, " : "");
  if (!bucket && (s3->path[0] || s3->region[0] || s3->endpoint_url[0] || s3->access_key_id[0] ||
                  s3->secret_access_key[0] || s3->delete_sync || holds_options(&s3->options)))
    return dla_fail(err, DLA_E_INPUT, path, "s3://BUCKET", "%s.s3.bucketUrl: is missing", section);
  return DLA_OK;
}

static dla_status check_options(const dla_config *config, const dla_s3_config *s3,
                                const dla_s3_option_names *names, const char *path, dla_error *err)
{
  dla_error why = {0};
  const bool key = s3->access_key_id[0] && strcmp(s3->access_key_id, DLA_REDACTED) != 0;
  if (dla_s3_options_check(&s3->options, names, &why))
    return refuse(config, path, why.where, why.hint, why.what, err);
  if (key && s3->options.profile[0])
    return refuse(config, path, names->profile, "keep one, and leave the other out",
                  "accessKeyId is there, too", err);
  return DLA_OK;
}

/* Refuses keys that would be ignored, because they belong to another place. */
static dla_status check_others(const dla_config *config, const char *path, dla_error *err)
{
  const bool from_s3 = config->input.s3.bucket_url[0], from_url = config->input.http.url[0];
  const bool pushed = config->output.s3.bucket_url[0] || config->output.http.url[0];
  const struct {
    const char *name, *what;
    bool wrong;
  } keys[] = {
      {"input.include", "it goes with input.s3", config->input.include[0] && !from_s3},
      {"input.exclude", "it goes with input.s3", config->input.exclude[0] && !from_s3},
      {"input.strict", "it goes with input.s3", config->input.strict && !from_s3},
      {"input.http.sha256", "it goes with input.http.url",
       config->input.http.sha256[0] && !from_url},
      {"input.http.cache", "it goes with input.http.url", !config->input.http.cache && !from_url},
      {"input.http.unpack", "it goes with input.http.url", !config->input.http.unpack && !from_url},
      {"output.include", "it goes with output.http or output.s3",
       config->output.include[0] && !pushed},
      {"output.exclude", "it goes with output.http or output.s3",
       config->output.exclude[0] && !pushed},
  };
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    if (keys[i].wrong) return refuse(config, path, keys[i].name, "leave it out", keys[i].what, err);
  return DLA_OK;
}

dla_status dla_config_check_places(const dla_config *config, const char *path, dla_error *err)
{
  TRY(check_place("input", config->input.dir, config->input.http.url, &config->input.s3, path,
                  err));
  TRY(check_place("output", "", config->output.http.url, &config->output.s3, path, err));
  TRY(check_options(config, &config->input.s3, &dla_config_input_s3, path, err));
  TRY(check_options(config, &config->output.s3, &dla_config_output_s3, path, err));
  return check_others(config, path, err);
}

static bool is_given(const dla_config *config, const char *section, const char *name)
{
  return dla_config_given(config, section, name) != DLA_GIVEN_NOWHERE;
}

/* Whether the key says where the images are. input.dir stands for dataset.path, and so does fetched
 * input. */
static bool is_of_input(const dla_key *key)
{
  const bool dataset = strcmp(key->section, "dataset") == 0;
  return strcmp(key->section, "input") == 0 || strncmp(key->section, "input.", 6) == 0 ||
         (dataset && (strcmp(key->name, "path") == 0 || strcmp(key->name, "train") == 0 ||
                      strcmp(key->name, "val") == 0));
}

bool dla_config_has_place_of(const dla_config *config, const dla_key *key)
{
  const char *section = key->section;
  if (is_of_input(key))
    return is_given(config, "input", "dir") || is_given(config, "input.http", "url") ||
           is_given(config, "input.s3", "bucketUrl");
  /* output.dir is written to in any case, wherever it is pushed. */
  if (strncmp(section, "output.", 7) == 0 ||
      (strcmp(section, "output") == 0 && strcmp(key->name, "dir") != 0))
    return is_given(config, "output.http", "url") || is_given(config, "output.s3", "bucketUrl");
  return false;
}
