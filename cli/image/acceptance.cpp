// SPDX-License-Identifier: MIT
#include "acceptance.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "../text/json.hpp"
#include "archive.hpp"
#include "media_types.hpp"

namespace wasmup::image {
namespace {

using Json = nlohmann::json;

struct Layer {
  std::string media_type;
  std::string digest;
  uint64_t size = 0;
};

/// Where the module is, by what the manifest says.
struct Place {
  std::string kind;
  Layer layer;
  bool packed = true;  ///< in a tar.gz, as plugin.wasm
};

std::unexpected<Error> refuse(const std::string& why, const std::string& next) {
  return std::unexpected(Error{ExitCode::refused, "Envoy Gateway would not load this image", why, next});
}

constexpr const char* make_anew = "wasmup push makes and pushes an image that it takes";

std::string text_at(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::vector<Layer> layers_of(const Json& manifest) {
  std::vector<Layer> layers;
  const auto list = manifest.find("layers");
  if (list == manifest.end() || !list->is_array()) return layers;
  for (const Json& layer : *list) {
    if (!layer.is_object()) continue;
    const auto size = layer.find("size");
    const bool has_size = size != layer.end() && size->is_number_unsigned();
    layers.push_back(
        {text_at(layer, "mediaType"), text_at(layer, "digest"), has_size ? size->get<uint64_t>() : 0});
  }
  return layers;
}

bool is_index(const Json& manifest, const std::string& media_type) {
  return media_type == media_type::index || media_type == media_type::docker_index ||
         (manifest.contains("manifests") && !manifest.contains("layers"));
}

Expected<Place> find_module(std::string_view text) {
  const Json manifest = text::parse_json(text);
  if (!manifest.is_object()) return refuse("its manifest is no JSON object", make_anew);
  const std::string media_type = text_at(manifest, "mediaType");
  if (is_index(manifest, media_type)) {
    return refuse(
        "it is an index of images, not an image; the gateway would take the one for linux/amd64 in it, "
        "whose digest is another than the index's",
        "name that image by its own digest; docker buildx makes none with --provenance=false");
  }
  if (manifest.contains("fsLayers")) return refuse("its manifest is of Docker's old schema 1", make_anew);
  const std::vector<Layer> layers = layers_of(manifest);
  if (layers.empty()) return refuse("it has no layers", make_anew);
  if (media_type == media_type::docker_manifest) {
    if (layers.back().media_type == media_type::docker_layer) return Place{"Docker image", layers.back()};
    return refuse(fmt::format("its last layer is of type {}, and must be {}", layers.back().media_type,
                              media_type::docker_layer),
                  make_anew);
  }
  if (layers.back().media_type == media_type::layer) return Place{"OCI image", layers.back()};
  const auto raw = std::ranges::find(layers, media_type::wasm_layer, &Layer::media_type);
  if (layers.size() == 2 && raw != layers.end()) return Place{"OCI artifact", *raw, false};
  if (raw != layers.end()) {
    return refuse(fmt::format("an artifact must have two layers, and it has {}", layers.size()), make_anew);
  }
  return refuse(fmt::format("its last layer is of type {}; it must be {}, or one of two layers must be {}",
                            layers.back().media_type, media_type::layer, media_type::wasm_layer),
                make_anew);
}

bool is_plugin(std::string_view name) { return name.substr(name.rfind('/') + 1) == "plugin.wasm"; }

Expected<std::string> unpack(const std::string& layer) {
  if (!layer.starts_with("\x1f\x8b")) return refuse("its last layer is not packed with gzip", make_anew);
  // The gateway takes the first file of that name.
  bool found = false;
  const auto first = [&found](std::string_view name) {
    if (found || !is_plugin(name)) return false;
    found = true;
    return true;
  };
  Expected<std::vector<File>> files = untar(layer, most_module_bytes, first);
  if (!files) return refuse("its last layer cannot be unpacked: " + files.error().seen, make_anew);
  if (files->empty()) {
    return refuse("there is no file called plugin.wasm in its last layer",
                  "COPY YOUR.wasm /plugin.wasm in the Dockerfile, as the last step");
  }
  return std::move(files->front().bytes);
}

Expected<Place> find_checked(std::string_view manifest) {
  Expected<Place> place = find_module(manifest);
  if (place && place->layer.size > most_module_bytes) {
    return refuse(fmt::format("its module's layer has {} bytes, and may have 256 MiB", place->layer.size),
                  make_anew);
  }
  return place;
}

}  // namespace

Expected<std::string> acceptance_of_manifest(std::string_view manifest) {
  Expected<Place> place = find_checked(manifest);
  if (!place) return std::unexpected(place.error());
  return std::move(place->kind);
}

Expected<uint64_t> largest_part(std::string_view text) {
  constexpr uint64_t most_in_all = uint64_t{2} << 30;
  constexpr uint64_t slack = uint64_t{1} << 20;  // and a configuration, which no layer is
  const Json manifest = text::parse_json<Json>(text);
  if (!manifest.is_object()) return refuse("its manifest is no JSON object", make_anew);
  const std::vector<Layer> layers = layers_of(manifest);
  uint64_t largest = 0;
  for (const Layer& layer : layers) largest = std::max(largest, layer.size);
  if (largest > most_in_all || (layers.size() + 1) * (largest + slack) > most_in_all) {
    return refuse(
        fmt::format("it has {} layers, of up to {} bytes each: too much to read", layers.size(), largest),
        make_anew);
  }
  return largest + slack;
}

Expected<Accepted> acceptance(const Image& image) {
  Expected<Place> place = find_checked(image.manifest);
  if (!place) return std::unexpected(place.error());
  const auto blob = image.blobs.find(place->layer.digest);
  if (blob == image.blobs.end()) {
    return refuse(fmt::format("its layer {} is missing, or is not what its digest says", place->layer.digest),
                  make_anew);
  }
  if (blob->second.size() != place->layer.size) {
    return refuse(fmt::format("its layer has {} bytes, and its manifest says {}", blob->second.size(),
                              place->layer.size),
                  make_anew);
  }
  Accepted accepted{image.digest(), std::move(place->kind), {}};
  if (!place->packed) {
    accepted.module = blob->second;
    return accepted;
  }
  Expected<std::string> module = unpack(blob->second);
  if (!module) return std::unexpected(module.error());
  accepted.module = *std::move(module);
  return accepted;
}

}  // namespace wasmup::image
