#include "job/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/change_mode.h"
#include "base/try.h"
#include "config/places.h"
#include "staging/limits.h"
#include "staging/location.h"
#include "staging/take_options.h"
#include "staging/transfer/stage.h"
#include "train/logs.h"

/* The error for a value that the checkpoint stores without its secret. */
static dla_status check_whole(const char *section, const char *key, const char *text,
                              dla_error *err)
{
  char where[64];
  if (!strstr(text, DLA_REDACTED)) return DLA_OK;
  snprintf(where, sizeof where, "%s.%s", section, key);
  return dla_fail(err, DLA_E_INPUT, where, "give it again, in the config or on the command line",
                  "its secret is not kept in checkpoints and dumps");
}

static bool is_given(const char *secret)
{
  return *secret && strcmp(secret, DLA_REDACTED) != 0;
}

static dla_status take_secret(const char *section, const char *key, const char *text,
                              dla_stage_settings *s, dla_secret **secret, dla_error *err)
{
  char where[64];
  snprintf(where, sizeof where, "%s.%s", section, key);
  return is_given(text) ? dla_stage_take_secret(s, where, text, secret, err) : DLA_OK;
}

static dla_status take_text(const char *section, const char *key, const char *text,
                            dla_stage_settings *s, char *to, size_t size, dla_error *err)
{
  char where[64];
  snprintf(where, sizeof where, "%s.%s", section, key);
  return dla_stage_take_text(s, where, text, to, size, err);
}

static dla_status take_settings(const dla_config *config, const dla_s3_config *s3,
                                const dla_s3_option_names *names, dla_stage_settings *s,
                                dla_error *err)
{
  const double mega = 1e6;
  TRY(dla_stage_settings_with(s, &s3->options, names, err));
  s->send_limit = config->staging.send_limit * mega;
  s->stall_timeout = config->staging.stall_seconds;
  s->connect_timeout = config->staging.connect_seconds;
  s->total_timeout = config->staging.timeout_seconds;
  s->abandoned_after = config->staging.abandoned_seconds;
  s->retries = (int)config->staging.retries;
  s->retry_base = config->staging.retry_seconds;
  if (config->staging.parallel) dla_stage_set_parallel(s, (int)config->staging.parallel);
  if (config->staging.part_size != DLA_STAGE_PART_MIB)
    dla_stage_set_part_size(s, config->staging.part_size);
  return DLA_OK;
}

/* A file is included if it matches `include` (or there is none), unless it matches `exclude`. */
static dla_status take_patterns(const char *include, const char *exclude, dla_place *place,
                                dla_error *err)
{
  json_t *included = *include ? json_loads(include, 0, NULL) : json_array();
  json_t *excluded = *exclude ? json_loads(exclude, 0, NULL) : json_array();
  const size_t split = json_array_size(included);
  place->patterns = included;
  const bool failed = !included || !excluded || json_array_extend(included, excluded);
  json_decref(excluded);
  place->filters = calloc(json_array_size(included) + 1, sizeof *place->filters);
  if (failed || !place->filters) return dla_fail_memory(err, "the patterns");
  for (size_t i = 0; i < json_array_size(included); i++)
    place->filters[place->filter_count++] = (dla_filter){
        .pattern = json_string_value(json_array_get(included, i)), .include = i < split};
  return DLA_OK;
}

/* Finds invalid locations before the run instead of at its end. */
static dla_status set_location(dla_place *place, const char *url, dla_error *err)
{
  dla_location location = {0};
  dla_status status = dla_location_parse(url, &location, err);
  dla_location_free(&location);
  return status ? status : dla_secret_new(url, strlen(url), &place->location, err);
}

static dla_status take_s3(const char *section, const dla_s3_config *s3, dla_place *place,
                          dla_error *err)
{
  dla_stage_settings *s = &place->settings;
  TRY(check_whole(section, "bucketUrl", s3->bucket_url, err));
  TRY(check_whole(section, "endpointUrl", s3->endpoint_url, err));
  TRY(take_text(section, "region", s3->region, s, s->region, sizeof s->region, err));
  TRY(take_text(section, "endpointUrl", s3->endpoint_url, s, s->endpoint, sizeof s->endpoint, err));
  if (is_given(s3->access_key_id)) { /* a token belongs to its key */
    dla_secret_free(s->session_token);
    s->session_token = NULL;
  }
  TRY(take_secret(section, "accessKeyId", s3->access_key_id, s, &s->access_key, err));
  TRY(take_secret(section, "secretAccessKey", s3->secret_access_key, s, &s->secret_key, err));
  if (strncmp(s3->bucket_url, "s3://", 5) != 0)
    return dla_fail(err, DLA_E_INPUT, section, "s3://BUCKET", "bucketUrl is no such URL");
  dla_strbuf url = {0};
  size_t bucket = strlen(s3->bucket_url), path = strlen(s3->path), first = strspn(s3->path, "/");
  while (bucket > sizeof "s3://" - 1 && s3->bucket_url[bucket - 1] == '/')
    bucket--;
  while (path > first && s3->path[path - 1] == '/')
    path--;
  dla_strbuf_append(&url, s3->bucket_url, bucket);
  if (path > first) dla_strbuf_printf(&url, "/%.*s", (int)(path - first), s3->path + first);
  dla_status status =
      url.failed ? dla_fail_memory(err, "a URL") : set_location(place, url.text, err);
  dla_strbuf_free(&url);
  return status;
}

static dla_status take_http(const char *section, const char *url, dla_place *place, dla_error *err)
{
  place->http = true;
  TRY(check_whole(section, "url", url, err));
  if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
    return dla_fail(err, DLA_E_INPUT, section, "http(s)://HOST/PATH", "url is no such URL");
  return set_location(place, url, err);
}

static dla_status read_input(const dla_config *config, dla_place *place, dla_error *err)
{
  *place = (dla_place){0};
  dla_stage_settings *s = &place->settings;
  const char *sha256 = config->input.http.sha256;
  dla_status status = take_settings(config, &config->input.s3, &dla_config_input_s3, s, err);
  if (!status) status = take_patterns(config->input.include, config->input.exclude, place, err);
  if (!status && config->input.s3.bucket_url[0])
    status = take_s3("input.s3", &config->input.s3, place, err);
  place->strict = config->input.strict;
  if (!status && config->input.http.url[0]) {
    s->use_cache = config->input.http.cache;
    s->unpack = config->input.http.unpack;
    if (*sha256) status = dla_stage_take_sha256(s, "input.http.sha256", sha256, err);
    if (!status) status = take_http("input.http", config->input.http.url, place, err);
  }
  return status;
}

static dla_status read_output(const dla_config *config, dla_place *place, dla_error *err)
{
  *place = (dla_place){0};
  dla_status status =
      take_settings(config, &config->output.s3, &dla_config_output_s3, &place->settings, err);
  if (!status) status = take_patterns(config->output.include, config->output.exclude, place, err);
  if (!status && config->output.s3.bucket_url[0])
    status = take_s3("output.s3", &config->output.s3, place, err);
  if (!status && config->output.http.url[0])
    status = take_http("output.http", config->output.http.url, place, err);
  if (config->staging.flush_seconds < place->settings.total_timeout && place->http)
    place->settings.total_timeout = config->staging.flush_seconds;
  return status;
}

dla_status dla_place_input(const dla_config *config, dla_place *place, dla_error *err)
{
  dla_error why = {0};
  return read_input(config, place, &why) ? dla_config_fail(config, &why, err) : DLA_OK;
}

dla_status dla_place_output(const dla_config *config, dla_place *place, dla_error *err)
{
  dla_error why = {0};
  return read_output(config, place, &why) ? dla_config_fail(config, &why, err) : DLA_OK;
}

void dla_place_free(dla_place *place)
{
  dla_secret_free(place->location);
  dla_stage_settings_free(&place->settings);
  free(place->filters);
  json_decref(place->patterns);
  *place = (dla_place){0};
}

dla_status dla_place_fetch(const dla_place *from, const char *folder, int64_t mode,
                           const dla_stage_observer *observer, dla_stage_outcome *outcome,
                           dla_error *err)
{
  *outcome = (dla_stage_outcome){0};
  const dla_stage_request request = {.act = DLA_ACT_GET,
                                     .source = dla_secret_text(from->location),
                                     .dest = folder,
                                     .filters = from->filters,
                                     .filter_count = from->filter_count,
                                     .strict = from->strict,
                                     .lenient = !from->strict};
  dla_status status = DLA_OK;
  if (from->location) status = dla_stage(&request, &from->settings, observer, outcome, err);
  return status || mode < 0 ? status : dla_change_modes(folder, (unsigned)mode, err);
}

dla_status dla_place_watch(const dla_place *to, const char *folder,
                           const dla_stage_observer *observer, dla_watch **watch, dla_error *err)
{
  static const char *const logs[] = {DLA_METRICS_FILE, DLA_CSV_FILE, NULL};
  const dla_watch_request request = {.folder = folder,
                                     .dest = dla_secret_text(to->location),
                                     .filters = {to->filters, to->filter_count},
                                     .logs = logs,
                                     .settings = &to->settings,
                                     .observer = observer};
  return dla_watch_start(&request, watch, err);
}
