/* dla-train stage get|put|sync SOURCE DEST: moves data by hand, the way a job does by its
 * config. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/number.h"
#include "base/one_line.h"
#include "base/try.h"
#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "cli/stage_report.h"
#include "cli/verb.h"
#include "staging/limits.h"
#include "staging/take_options.h"
#include "staging/transfer/stage.h"

typedef struct stage_options {
  bool dry_run, json, delete_gone, no_cache, no_unpack, virtual_host, path_style;
  const char *sha256, *endpoint, *region;
  const char *connect_timeout, *stall_timeout, *timeout, *retries, *retry_base;
  const char *parallel, *part_size, *abandoned_after;
  bool strict;
  dla_s3_options s3;
  dla_flag_list filters; /* --exclude and --include, in the given order */
} stage_options;

#define FLAG(name, value, doc, field)                                                              \
  {                                                                                                \
    name, value, doc, offsetof(stage_options, field)                                               \
  }

static const dla_flag flags[] = {
    FLAG("dry-run", NULL, "say what would be moved, and move nothing", dry_run),
    FLAG("json", NULL, "print one JSON object a line instead of text", json),
    FLAG("delete", NULL, "sync: delete at DEST what SOURCE has no more", delete_gone),
    FLAG("sha256", "HEX", "get by HTTP: what the file must have", sha256),
    FLAG("no-cache", NULL, "get by HTTP: keep no copy in the cache folder", no_cache),
    FLAG("no-unpack", NULL, "get: leave an archive as it is", no_unpack),
    FLAG("exclude", "PATTERN...", "leave out what matches; * also takes a /", filters),
    FLAG("include", "PATTERN...", "only what matches, or what an --exclude before left out",
         filters),
    FLAG("strict", NULL, "get, sync: refuse keys that cannot be the names of files", strict),
    FLAG("profile", "NAME", "S3: instead of AWS_PROFILE and the AWS_* keys", s3.profile),
    FLAG("requester-pays", NULL, "S3: you pay for a bucket that asks for it", s3.requester_pays),
    FLAG("storage-class", "NAME", "S3: of what is uploaded", s3.storage_class),
    FLAG("sse", "KIND", "S3: encrypt what is uploaded: AES256 or aws:kms", s3.sse),
    FLAG("sse-kms-key-id", "ID", "S3: with this key of aws:kms", s3.kms_key),
    FLAG("sse-c-key", "FILE", "S3: with the key in the file, 32 bytes or their base64",
         s3.customer_key_file),
    FLAG("endpoint", "URL", "S3: instead of AWS_ENDPOINT_URL", endpoint),
    FLAG("region", "NAME", "S3: instead of AWS_REGION", region),
    FLAG("path-style", NULL, "S3: the bucket is the path's first part", path_style),
    FLAG("virtual-host", NULL, "S3: the bucket is the host's first part", virtual_host),
    FLAG("part-size", "MIB", "S3: of transfers in parts (16)", part_size),
    FLAG("parallel", "N", "S3: transfers at once (16 files, 8 parts of a large one)", parallel),
    FLAG("abandoned-after", "S", "S3: abort a file's older unfinished uploads (86400)",
         abandoned_after),
    FLAG("connect-timeout", "S", "seconds to connect in (15)", connect_timeout),
    FLAG("stall-timeout", "S", "seconds without a byte (60)", stall_timeout),
    FLAG("timeout", "S", "seconds for a download or a part, with retries (21600)", timeout),
    FLAG("retries", "N", "of what may pass, in a row (6)", retries),
    FLAG("retry-base", "S", "the first wait is at most this, then twice, ... (0.5)", retry_base),
    {0},
};

static const dla_s3_option_names s3_names = {.profile = "--profile",
                                             .customer_key_file = "--sse-c-key",
                                             .storage_class = "--storage-class",
                                             .sse = "--sse",
                                             .kms_key = "--sse-kms-key-id"};

/* Reads a number from an option; text is NULL if it was not given. */
static dla_status take_number(const char *text, const char *option, double least, double most,
                              double *value, dla_error *err)
{
  double number;
  if (!text) return DLA_OK;
  if (!dla_number_read(text, &number) || number < least || number > most)
    return dla_fail(err, DLA_E_INPUT, option, NULL, "'%.40s' is no number from %g to %g", text,
                    least, most);
  *value = number;
  return DLA_OK;
}

static dla_status take_options(const stage_options *o, dla_stage_settings *s, dla_error *err)
{
  const double day = DLA_STAGE_DAY, year = DLA_STAGE_YEAR, least = DLA_STAGE_SECONDS_MIN;
  double retries = s->retries, parallel = 0, part = 0;
  s->use_cache = !o->no_cache;
  s->unpack = !o->no_unpack;
  if (o->sha256) TRY(dla_stage_take_sha256(s, "--sha256", o->sha256, err));
  TRY(dla_stage_take_text(s, "--endpoint", o->endpoint, s->endpoint, sizeof s->endpoint, err));
  TRY(dla_stage_take_text(s, "--region", o->region, s->region, sizeof s->region, err));
  TRY(take_number(o->connect_timeout, "--connect-timeout", least, day, &s->connect_timeout, err));
  TRY(take_number(o->stall_timeout, "--stall-timeout", 1, day, &s->stall_timeout, err));
  TRY(take_number(o->timeout, "--timeout", least, year, &s->total_timeout, err));
  TRY(take_number(o->retries, "--retries", 0, DLA_STAGE_RETRIES_MAX, &retries, err));
  TRY(take_number(o->retry_base, "--retry-base", 0, day, &s->retry_base, err));
  TRY(take_number(o->parallel, "--parallel", 1, DLA_STAGE_PARALLEL_MAX, &parallel, err));
  TRY(take_number(o->part_size, "--part-size", DLA_STAGE_PART_MIB_MIN, DLA_STAGE_PART_MIB_MAX,
                  &part, err));
  TRY(take_number(o->abandoned_after, "--abandoned-after", 0, year, &s->abandoned_after, err));
  s->retries = (int)retries;
  if (o->parallel) dla_stage_set_parallel(s, (int)parallel);
  if (o->part_size) dla_stage_set_part_size(s, part);
  return DLA_OK;
}

/* The observer's context. */
typedef struct reporter {
  bool json, bar;
} reporter;

static void write_event(dla_strbuf *out, const dla_stage_event *event)
{
  dla_json json = dla_json_begin(out);
  dla_json_text(&json, "type", dla_stage_kind_name(event->kind));
  dla_json_text(&json, "name", event->name);
  dla_json_bytes(&json, "bytes", event->bytes);
  dla_json_text(&json, "detail", event->detail);
  dla_json_end_object(&json);
}

static void on_event(void *context, const dla_stage_event *event)
{
  const reporter *r = context;
  bool aside = event->kind == DLA_STAGE_RETRY || event->kind == DLA_STAGE_NOTE;
  if (r->bar) fputs("\r\033[K", stderr);
  dla_strbuf out = {0};
  if (r->json) {
    write_event(&out, event);
  } else {
    dla_strbuf_printf(&out, "%-7s %s%s%s", dla_stage_kind_name(event->kind), event->name,
                      event->detail[0] ? ": " : "", event->detail);
    if (out.text) dla_one_line(out.text); /* a key, or a server's answer, may contain any bytes */
  }
  dla_strbuf_printf(&out, "\n");
  fputs(dla_strbuf_text(&out), aside && !r->json ? stderr : stdout);
  if (aside && r->json) fflush(stdout); /* a wait may follow */
  dla_strbuf_free(&out);
}

static void write_outcome(dla_strbuf *out, const dla_stage_outcome *o, bool dry_run)
{
  dla_json json = dla_json_begin(out);
  dla_json_text(&json, "type", "end");
  dla_json_bytes(&json, "moved", o->moved);
  dla_json_bytes(&json, "same", o->same);
  dla_json_bytes(&json, "deleted", o->deleted);
  dla_json_bytes(&json, "bytes", o->bytes);
  dla_json_boolean(&json, "dry_run", dry_run);
  dla_json_end_line(&json);
}

static dla_status print_outcome(const dla_stage_outcome *o, const stage_options *options,
                                dla_error *err)
{
  dla_strbuf out = {0};
  if (options->json)
    write_outcome(&out, o, options->dry_run);
  else
    dla_strbuf_printf(&out, "%llu moved, %llu same, %llu deleted, %llu bytes%s\n",
                      (unsigned long long)o->moved, (unsigned long long)o->same,
                      (unsigned long long)o->deleted, (unsigned long long)o->bytes,
                      options->dry_run ? " (dry run: nothing was done)" : "");
  return dla_cli_print(&out, err);
}

static bool find_act(const char *name, dla_stage_act *act)
{
  static const char *const names[] = {
      [DLA_ACT_GET] = "get", [DLA_ACT_PUT] = "put", [DLA_ACT_SYNC] = "sync"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(name, names[i]) == 0) {
      *act = (dla_stage_act)i;
      return true;
    }
  return false;
}

static dla_status stage(dla_arguments *arguments, void *options, dla_error *err)
{
  const stage_options *o = options;
  char **operand = arguments->operands;
  dla_stage_act act;
  if (arguments->count != 3 || !find_act(operand[0], &act))
    return dla_fail(err, DLA_E_INPUT, "stage", "dla-train stage get|put|sync SOURCE DEST",
                    "it takes get, put or sync, a source and a destination");
  if (o->delete_gone && act != DLA_ACT_SYNC)
    return dla_fail(err, DLA_E_INPUT, "--delete", NULL, "only sync deletes");
  dla_stage_settings settings;
  dla_stage_outcome outcome = {0};
  dla_filter filters[DLA_FLAG_LIST];
  reporter r = {.json = o->json, .bar = isatty(STDERR_FILENO)};
  dla_stage_request request = {.act = act,
                               .source = operand[1],
                               .dest = operand[2],
                               .dry_run = o->dry_run,
                               .delete_gone = o->delete_gone,
                               .filters = filters,
                               .filter_count = (size_t)o->filters.count,
                               .strict = o->strict};
  for (int i = 0; i < o->filters.count; i++)
    filters[i] = (dla_filter){.pattern = o->filters.item[i].value,
                              .include = strcmp(o->filters.item[i].name, "include") == 0};
  dla_stage_observer observer = {.context = &r,
                                 .progress = r.bar ? dla_stage_report_bar : NULL,
                                 .event = on_event,
                                 .stop = dla_cli_is_stopped};
  dla_s3_options s3 = o->s3;
  if (o->path_style || o->virtual_host)
    s3.style = o->path_style ? DLA_S3_PATH : DLA_S3_VIRTUAL_HOST;
  TRY(dla_stage_settings_with(&settings, &s3, &s3_names, err));
  dla_status status = take_options(o, &settings, err);
  dla_cli_catch_signals();
  if (!status) status = dla_stage(&request, &settings, &observer, &outcome, err);
  if (r.bar) fputs("\r\033[K", stderr);
  dla_stage_settings_free(&settings);
  /* Also after a failure: some of it may be done. */
  if (!status || outcome.moved + outcome.same + outcome.deleted) {
    dla_status printed = print_outcome(&outcome, o, status ? NULL : err);
    if (!status) status = printed;
  }
  return status;
}

const dla_verb dla_verb_stage = {
    .name = "stage",
    .summary = "move data between folders, HTTP and S3",
    .arguments = "get|put|sync SOURCE DEST",
    .flags = flags,
    .options = sizeof(stage_options),
    .act = stage,
};
