// SPDX-License-Identifier: MIT
// expect: (no viable overloaded '='|use of deleted function|passing 'const|discards qualifiers|no match for 'operator=')
#include <wasmup/wasmup.hpp>

wasmup::Result<> answer() {
#ifdef WRONG
  wasmup::LocalResponse response;
  response.headers = {{"x-a", "1"}};  // the list is gone when the statement ends
#else
  wasmup::LocalResponse response{.headers = {{"x-a", "1"}}};
#endif
  return wasmup::send_local_response(response);
}
