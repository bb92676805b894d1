// SPDX-License-Identifier: MIT
#include "image.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "../wasm/module_check.hpp"
#include "archive.hpp"
#include "digest.hpp"
#include "media_types.hpp"

namespace wasmup::image {
namespace {

using Json = nlohmann::ordered_json;

/// Keeps a blob, and says how the manifest speaks of it.
Json keep(Image& image, std::string_view media_type, std::string bytes) {
  std::string digest = digest_of(bytes);
  Json descriptor{{"mediaType", media_type}, {"digest", digest}, {"size", bytes.size()}};
  image.blobs.emplace(std::move(digest), std::move(bytes));
  return descriptor;
}

/// What runs it does not matter to a gateway; it is what the gateway looks for in an index (linux/amd64), and
/// what `docker build` says of FROM scratch.
std::string image_config(std::string_view layer) {
  return Json{{"architecture", "amd64"},
              {"os", "linux"},
              {"config", Json::object()},
              {"rootfs", {{"type", "layers"}, {"diff_ids", Json::array({digest_of(layer)})}}}}
      .dump();
}

Json image_parts(Image& image, const Module& module) {
  std::string layer = tar({{"plugin.wasm", module.bytes}});
  Json config = keep(image, media_type::config, image_config(layer));
  return {{"config", std::move(config)},
          {"layers", Json::array({keep(image, media_type::layer, gzip_stored(layer))})}};
}

/// https://github.com/solo-io/wasm/blob/master/spec/spec.md
Json artifact_parts(Image& image, const Module& module) {
  const std::string about = Json{{"type", "envoy_proxy"},
                                 {"abiVersions", Json::array({"v0-2-1"})},
                                 {"config", {{"rootIds", Json::array()}}}}
                                .dump();
  Json config = keep(image, media_type::wasm_config, about);
  return {{"config", config},
          {"layers", Json::array({config, keep(image, media_type::wasm_layer, module.bytes)})}};
}

}  // namespace

std::optional<Format> parse_format(std::string_view text) {
  if (text == "image") return Format::image;
  if (text == "artifact") return Format::artifact;
  return std::nullopt;
}

std::string Image::digest() const { return digest_of(manifest); }

uint64_t Image::size() const {
  uint64_t size = manifest.size();
  for (const auto& [digest, bytes] : blobs) size += bytes.size();
  return size;
}

Expected<Image> build(const Module& module, const Options& options) {
  const Expected<void> loads = wasm::check_module(module.bytes, module.name + ".wasm");
  if (!loads) return std::unexpected(loads.error());
  Image image;
  Json manifest{{"schemaVersion", 2}, {"mediaType", media_type::manifest}};
  manifest.update(options.format == Format::image ? image_parts(image, module)
                                                  : artifact_parts(image, module));
  if (!options.annotations.empty()) manifest["annotations"] = options.annotations;
  image.manifest = manifest.dump(-1, ' ', false, Json::error_handler_t::replace);
  return image;
}

}  // namespace wasmup::image
