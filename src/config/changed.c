#include "config/config.h"

dla_status dla_config_changed(const dla_config *config, dla_config_report *report, void *context,
                              dla_error *err)
{
  dla_config defaults;
  const dla_config_layers none = {0};
  dla_status status = dla_config_load(&defaults, &none, err);
  if (status) return status;
  status = dla_config_compare(&defaults, config, report, context, err);
  dla_config_free(&defaults);
  return status;
}
