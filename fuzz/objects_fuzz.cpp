// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <string>

#include "expect.hpp"
#include "gateway/documents.hpp"

/// The YAML that `wasmup gateway apply` takes: there are objects with a kind and a name, or a place and a
/// reason.
namespace {

using namespace wasmup;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto objects = gateway::read_documents(text, "o.yaml");
  if (!objects) {
    expect(objects.error().code == ExitCode::usage && objects.error().what.starts_with("o.yaml"));
    return 0;
  }
  for (const auto& object : *objects) {
    expect(object["kind"].is_string() && object["metadata"]["name"].is_string());
    expect(!object.dump(-1, ' ', false, gateway::Json::error_handler_t::replace).empty());
  }
  return 0;
}
