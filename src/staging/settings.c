#include "staging/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/trim.h"
#include "staging/limits.h"
#include "staging/profile.h"

#define MIB ((uint64_t)1 << 20)

static void note_trimmed(dla_stage_settings *s, const char *what)
{
  size_t length = strlen(s->note);
  if (strstr(s->note, what)) return;
  snprintf(s->note + length, sizeof s->note - length, "%s%s", length ? ", " : "", what);
}

static dla_status check_inside(const char *what, const char *text, size_t length, dla_error *err)
{
  for (size_t i = 0; i < length; i++)
    if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
      return dla_fail(err, DLA_E_INPUT, what, "is it one value, on one line?",
                      "holds a line break or another control character");
  return DLA_OK;
}

dla_status dla_stage_take_text(dla_stage_settings *s, const char *what, const char *text, char *to,
                               size_t size, dla_error *err)
{
  if (!text) return DLA_OK;
  const char *start = text;
  size_t length = dla_trim(&start);
  if (length < strlen(text)) note_trimmed(s, what);
  if (!length) return DLA_OK;
  if (length >= size)
    return dla_fail(err, DLA_E_INPUT, what, NULL, "is longer than %zu characters", size - 1);
  memcpy(to, start, length);
  to[length] = '\0';
  return check_inside(what, start, length, err);
}

dla_status dla_stage_take_secret(dla_stage_settings *s, const char *what, const char *text,
                                 dla_secret **to, dla_error *err)
{
  const char *start = text;
  size_t length = dla_trim(&start);
  if (length < strlen(text)) note_trimmed(s, what);
  if (!length) return DLA_OK;
  dla_secret_free(*to);
  *to = NULL;
  dla_status status = check_inside(what, start, length, err);
  return status ? status : dla_secret_new(start, length, to, err);
}

/* Takes the first variable that is set; leaves `to` as it is where none is. */
static dla_status take_env(dla_stage_settings *s, const char *const *variables, char *to,
                           size_t size, dla_error *err)
{
  for (; *variables; variables++) {
    const char *text = getenv(*variables);
    if (text && *text) return dla_stage_take_text(s, *variables, text, to, size, err);
  }
  return DLA_OK;
}

static dla_status take_key(dla_stage_settings *s, const char *variable, dla_secret **to,
                           dla_error *err)
{
  const char *text = getenv(variable);
  return dla_stage_take_secret(s, variable, text ? text : "", to, err);
}

/* The state while a profile is read. Settings that were there before stay, and keys of two sources
 * are not mixed. */
typedef struct reading {
  dla_stage_settings *settings;
  char what[160]; /* "the profile NAME" */
  bool has_key, has_region, has_endpoint;
  dla_status status;
  dla_error err;
} reading;

static void on_pair(void *context, const char *key, const char *value)
{
  reading *r = context;
  dla_stage_settings *s = r->settings;
  const struct {
    const char *key;
    dla_secret **to;
  } secrets[] = {{"aws_access_key_id", &s->access_key},
                 {"aws_secret_access_key", &s->secret_key},
                 {"aws_session_token", &s->session_token}};
  for (size_t i = 0; i < sizeof secrets / sizeof *secrets && !r->has_key && !r->status; i++)
    if (strcasecmp(key, secrets[i].key) == 0 && !*secrets[i].to)
      r->status = dla_stage_take_secret(s, r->what, value, secrets[i].to, &r->err);
  if (strcasecmp(key, "region") == 0 && !r->has_region && !r->status)
    r->status = dla_stage_take_text(s, r->what, value, s->region, sizeof s->region, &r->err);
  if (strcasecmp(key, "endpoint_url") == 0 && !r->has_endpoint && !r->status)
    r->status = dla_stage_take_text(s, r->what, value, s->endpoint, sizeof s->endpoint, &r->err);
}

static dla_status take_profile(dla_stage_settings *s, const char *name, dla_error *err)
{
  const char *variable = getenv("AWS_PROFILE");
  bool wanted = name || (variable && *variable);
  if (!name) name = wanted ? variable : "default";
  reading r = {.settings = s,
               .has_key = s->access_key || s->secret_key,
               .has_region = s->region[0],
               .has_endpoint = s->endpoint[0]};
  snprintf(r.what, sizeof r.what, "the profile %.100s", name);
  bool found = dla_profile_read(name, on_pair, &r);
  if (!found && wanted) snprintf(s->missing_profile, sizeof s->missing_profile, "%.100s", name);
  if (r.status && err) *err = r.err;
  return r.status;
}

/* Keys of the environment win over the profile's. */
static dla_status take_credentials(dla_stage_settings *s, const char *profile, dla_error *err)
{
  dla_status status = DLA_OK;
  if (!profile) {
    status = take_key(s, "AWS_ACCESS_KEY_ID", &s->access_key, err);
    if (!status) status = take_key(s, "AWS_SECRET_ACCESS_KEY", &s->secret_key, err);
    if (!status && (s->access_key || s->secret_key))
      status = take_key(s, "AWS_SESSION_TOKEN", &s->session_token, err);
  }
  return status ? status : take_profile(s, profile, err);
}

static dla_status take_environment(dla_stage_settings *s, const char *profile, dla_error *err)
{
  static const char *const regions[] = {"AWS_REGION", "AWS_DEFAULT_REGION", NULL};
  static const char *const endpoints[] = {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", NULL};
  dla_status status = take_env(s, regions, s->region, sizeof s->region, err);
  if (!status) status = take_env(s, endpoints, s->endpoint, sizeof s->endpoint, err);
  if (!status) status = take_credentials(s, profile, err);
  if (!s->region[0]) snprintf(s->region, sizeof s->region, "us-east-1");
  return status;
}

dla_status dla_stage_settings_init_profile(dla_stage_settings *s, const char *profile,
                                           dla_error *err)
{
  *s = (dla_stage_settings){
      .connect_timeout = 15,
      .stall_timeout = 60,
      .total_timeout = 6 * 3600,
      .retries = 6,
      .retry_base = 0.5,
      .retry_cap = 20,
      .part_size = DLA_STAGE_PART_MIB * MIB,
      .get_in_parts = 32 * MIB,
      .put_in_parts = 200 * MIB, /* as in rclone: parts cost a server a third more work */
      .parallel = 8,
      .parallel_files = 16, /* more, because a small file mostly waits for the server's answer */
      .abandoned_after = 24 * 3600,
      .use_cache = true,
      .unpack = true,
      .unpack_entries = 5000000,
      .unpack_bytes = 1024 * 1024 * MIB,
      .unpack_ratio = 250,
  };
  dla_status status = take_environment(s, profile, err);
  if (status) dla_stage_settings_free(s);
  return status;
}

dla_status dla_stage_settings_init(dla_stage_settings *s, dla_error *err)
{
  return dla_stage_settings_init_profile(s, NULL, err);
}

void dla_stage_settings_free(dla_stage_settings *s)
{
  dla_secret_free(s->access_key);
  dla_secret_free(s->secret_key);
  dla_secret_free(s->session_token);
  dla_secret_free(s->customer_key);
  memset(s, 0, sizeof *s);
}
