#include "staging/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIB ((uint64_t)1 << 20)

/* The first variable that is set; "" where none is. */
static const char *first_env(const char *a, const char *b, const char *otherwise)
{
  const char *text = getenv(a);
  if (!text || !*text) text = getenv(b);
  return text && *text ? text : otherwise;
}

static dla_status take_text(char *to, size_t size, const char *from, const char *what,
                            dla_error *err)
{
  if ((size_t)snprintf(to, size, "%s", from) < size) return DLA_OK;
  return dla_fail(err, DLA_E_INPUT, what, NULL, "is longer than %zu characters", size - 1);
}

static dla_status take_credentials(dla_stage_settings *s, dla_error *err)
{
  dla_status status = dla_secret_from_env("AWS_ACCESS_KEY_ID", &s->access_key, err);
  if (!status) status = dla_secret_from_env("AWS_SECRET_ACCESS_KEY", &s->secret_key, err);
  if (!status) status = dla_secret_from_env("AWS_SESSION_TOKEN", &s->session_token, err);
  return status;
}

dla_status dla_stage_settings_init(dla_stage_settings *s, dla_error *err)
{
  *s = (dla_stage_settings){
      .connect_timeout = 15,
      .stall_timeout = 60,
      .total_timeout = 6 * 3600,
      .retries = 6,
      .retry_base = 0.5,
      .retry_cap = 20,
      .part_size = 16 * MIB,
      .get_in_parts = 32 * MIB,
      .put_in_parts = 200 * MIB, /* as rclone's: parts cost a server a third more work */
      .parallel = 8,
      .parallel_files = 16, /* more, because what takes time is the server's answer */
      .abandoned_after = 24 * 3600,
      .use_cache = true,
      .unpack = true,
      .unpack_entries = 5000000,
      .unpack_bytes = 1024 * 1024 * MIB,
      .unpack_ratio = 250,
  };
  const char *region = first_env("AWS_REGION", "AWS_DEFAULT_REGION", "us-east-1");
  const char *endpoint = first_env("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "");
  dla_status status = take_text(s->region, sizeof s->region, region, "AWS_REGION", err);
  if (!status)
    status = take_text(s->endpoint, sizeof s->endpoint, endpoint, "AWS_ENDPOINT_URL", err);
  if (!status) status = take_credentials(s, err);
  if (status) dla_stage_settings_free(s);
  return status;
}

void dla_stage_settings_free(dla_stage_settings *s)
{
  dla_secret_free(s->access_key);
  dla_secret_free(s->secret_key);
  dla_secret_free(s->session_token);
  memset(s, 0, sizeof *s);
}
