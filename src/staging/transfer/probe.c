#include "staging/transfer/probe.h"

#include <curl/curl.h>
#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "staging/storage/http_storage.h"
#include "staging/storage/open.h"
#include "staging/storage/s3.h"

static void take(dla_probe *probe, const dla_http_response *response)
{
  const time_t server = response->headers.date[0] ? curl_getdate(response->headers.date, NULL) : -1;
  probe->code = response->code;
  probe->has_date = server > 0;
  if (probe->has_date) probe->clock_ahead = difftime(time(NULL), server);
}

static dla_status probe_s3(const dla_s3 *s3, dla_probe *probe, dla_error *err)
{
  dla_strbuf query = {0};
  dla_http_response response = {0};
  dla_strbuf_printf(&query, "encoding-type=url&list-type=2&max-keys=1&prefix=");
  dla_s3_encode(&query, s3->prefix, false);
  const dla_s3_call call = {.method = "GET", .query = query.text, .root = "ListBucketResult"};
  dla_status status = query.failed ? dla_fail_memory(err, "a request") : DLA_OK;
  if (!status) status = dla_s3_send(s3, &call, "list the bucket", false, &response, err);
  take(probe, &response);
  dla_http_response_free(&response);
  dla_strbuf_free(&query);
  return status;
}

/* Some servers do not know HEAD. And at a place to upload to, there need not be anything yet. */
static bool is_fine(const dla_http_response *response, bool writes)
{
  const long code = response->code;
  return dla_http_succeeded(response) || code == 405 || code == 501 || (writes && code == 404);
}

static dla_status probe_http(const dla_http_storage *s, bool writes, dla_probe *probe,
                             dla_error *err)
{
  const dla_http_request request = dla_http_storage_request(s, "HEAD");
  dla_http_response response = {0};
  dla_status status = dla_http_send(s->http, &request, &response, err);
  take(probe, &response);
  if (!status && !is_fine(&response, writes))
    status = dla_http_explain(s->shown, "look at it", &response, err);
  dla_http_response_free(&response);
  return status;
}

dla_status dla_stage_probe(const char *place, bool writes, const dla_stage_settings *settings,
                           dla_probe *probe, dla_error *err)
{
  dla_location location = {0};
  dla_meter *meter = NULL;
  dla_storage *storage = NULL;
  const double began = dla_clock();
  *probe = (dla_probe){0};
  dla_status status = dla_location_parse(place, &location, err);
  if (!status && location.kind == DLA_LOCATION_PATH)
    status = dla_fail(err, DLA_E_INPUT, location.shown, NULL, "it is a path, and no server's");
  if (!status) {
    snprintf(probe->shown, sizeof probe->shown, "%s", location.shown);
    status = dla_meter_new(NULL, &meter, err);
  }
  if (!status)
    status =
        dla_storage_open(&location, writes ? DLA_DEST : DLA_SOURCE, settings, meter, &storage, err);
  if (!status)
    status = storage->op->kind == DLA_LOCATION_S3
                 ? probe_s3((const dla_s3 *)storage, probe, err)
                 : probe_http((const dla_http_storage *)storage, writes, probe, err);
  probe->seconds = dla_clock() - began;
  if (storage) dla_storage_free(storage);
  if (meter) dla_meter_free(meter);
  dla_location_free(&location);
  return status;
}
