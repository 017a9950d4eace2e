#include "staging/storage/open.h"

#include "staging/storage/folder_storage.h"
#include "staging/storage/http_storage.h"
#include "staging/storage/s3.h"

dla_status dla_storage_open(dla_location *location, dla_end end, const dla_stage_settings *settings,
                            dla_meter *meter, dla_storage **storage, dla_error *err)
{
  if (location->kind == DLA_LOCATION_PATH)
    return dla_folder_storage_new(location->path[0] ? location->path : ".",
                                  end == DLA_SOURCE ? meter : NULL, storage, err);
  dla_http *http;
  dla_status status = dla_http_new(settings, meter, &http, err);
  if (status) return status;
  if (location->kind == DLA_LOCATION_S3) return dla_s3_storage_new(location, http, storage, err);
  return dla_http_storage_new(location, http, storage, err);
}
