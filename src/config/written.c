#include "config/written.h"

dla_status dla_value_refuse(const dla_key *key, const char *where, const char *hint,
                            const char *found, dla_error *err)
{
  dla_strbuf allowed = {0};
  dla_key_allowed(key, &allowed);
  dla_status status =
      dla_fail(err, DLA_E_INPUT, where, hint, "%s%s%s: must be %s, not %.80s", key->section,
               dla_section_dot(key->section), key->name, dla_strbuf_text(&allowed), found);
  dla_strbuf_free(&allowed);
  return status;
}
