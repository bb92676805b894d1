// SPDX-License-Identifier: MIT
#include "layout.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "../text/file.hpp"
#include "../text/json.hpp"
#include "acceptance.hpp"
#include "archive.hpp"
#include "digest.hpp"
#include "media_types.hpp"

namespace wasmup::image {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* mark = "oci-layout";
constexpr const char* index_file = "index.json";
constexpr const char* blobs_folder = "blobs/sha256/";
constexpr const char* copy_mark = "version";  // of skopeo's dir:
constexpr const char* copy_manifest = "manifest.json";
constexpr size_t most_manifest_bytes = size_t{4} << 20;  // as registries take
constexpr size_t most_in_all = 2 * most_module_bytes;    // of an image's parts

/// The part of NAME:TAG that layouts know an image by.
std::string tag_of(const std::string& name) {
  const size_t colon = name.rfind(':');
  return colon == name.npos || name.find('/', colon) != name.npos ? "latest" : name.substr(colon + 1);
}

/// The one that the manifest is read by comes last: before, it is no layout.
std::vector<File> files_of(const Image& image, const std::string& name) {
  std::vector<File> files{{mark, R"({"imageLayoutVersion":"1.0.0"})"}};
  for (const auto& [digest, bytes] : image.blobs) files.push_back({blobs_folder + hex_of(digest), bytes});
  files.push_back({blobs_folder + hex_of(image.digest()), image.manifest});
  Json descriptor{
      {"mediaType", media_type::manifest}, {"digest", image.digest()}, {"size", image.manifest.size()}};
  if (!name.empty()) {
    descriptor["annotations"] = {{"io.containerd.image.name", name},
                                 {"org.opencontainers.image.ref.name", tag_of(name)}};
  }
  files.push_back({index_file, Json{{"schemaVersion", 2},
                                    {"mediaType", media_type::index},
                                    {"manifests", Json::array({std::move(descriptor)})}}
                                   .dump()});
  return files;
}

/// What `docker load` reads in place of a layout, as `docker save` writes it; nothing for an artifact, which
/// Docker does not know.
std::optional<std::string> docker_list(const Image& image, const std::string& name) {
  const Json manifest = text::parse_json<Json>(image.manifest);
  if (!manifest.is_object() || !manifest.contains("config") || !manifest.contains("layers"))
    return std::nullopt;
  const auto text_at = [](const Json& part, const char* name) {
    const bool is_there = part.is_object() && part.contains(name) && part[name].is_string();
    return is_there ? part[name].get<std::string>() : std::string();
  };
  if (text_at(manifest["config"], "mediaType") != media_type::config) return std::nullopt;
  const auto file_of = [&](const Json& part) { return blobs_folder + hex_of(text_at(part, "digest")); };
  Json layers = Json::array();
  for (const Json& layer : manifest["layers"]) layers.push_back(file_of(layer));
  const Json tags = name.empty() ? Json::array() : Json::array({name});
  return Json::array({{{"Config", file_of(manifest["config"])}, {"RepoTags", tags}, {"Layers", layers}}})
      .dump();
}

std::unexpected<Error> no_layout(const fs::path& path, const std::string& why) {
  return std::unexpected(Error{ExitCode::usage, path.string() + " is no image that can be read", why,
                               "wasmup image makes one of a module or a filter's folder"});
}

std::unexpected<Error> has_other_things(const fs::path& folder, const std::string& seen) {
  return std::unexpected(Error{ExitCode::usage, folder.string() + " has other things in it",
                               seen.empty() ? "it is no folder that wasmup image has made" : seen,
                               "name another with -o"});
}

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

/// Whether an entry of a folder is one that write_layout() makes.
bool is_of_layout(const fs::path& entry, bool is_folder) {
  if (is_folder) return entry == "blobs" || entry == "blobs/sha256";
  return entry == mark || entry == index_file || entry.parent_path() == "blobs/sha256";
}

/// A file of a layout by its name, wherever the layout is; nothing when there is no such file.
using Find = std::function<std::optional<std::string>(const std::string& name)>;

Find in_folder(const fs::path& folder) {
  return [folder](const std::string& name) -> std::optional<std::string> {
    Expected<std::string> bytes = text::read_beneath(folder, name, most_module_bytes);
    if (!bytes) return std::nullopt;
    return *std::move(bytes);
  };
}

Find in_archive(std::vector<File> files) {
  return [files = std::move(files)](const std::string& name) -> std::optional<std::string> {
    const auto found = std::ranges::find(files, name, &File::name);
    return found == files.end() ? std::nullopt : std::optional(found->bytes);
  };
}

/// The manifest's blobs: its config and layers. Anything that is not as it should be is left out.
Expected<void> add_blobs(Image& image, const fs::path& path, const Find& find, const std::string& folder) {
  const Json manifest = text::parse_json<Json>(image.manifest);
  if (!manifest.is_object()) return {};
  std::vector<Json> descriptors{manifest.value("config", Json::object())};
  for (const Json& layer : manifest.value("layers", Json::array())) descriptors.push_back(layer);
  uint64_t in_all = 0;
  for (const Json& descriptor : descriptors) {
    if (!descriptor.is_object() || !descriptor.contains("digest") || !descriptor["digest"].is_string())
      continue;
    const auto digest = descriptor["digest"].get<std::string>();
    const std::string hex = hex_of(digest);
    if (hex.empty() || image.blobs.contains(digest)) continue;
    std::optional<std::string> bytes = find(folder + hex);
    if (!bytes) continue;
    in_all += bytes->size();
    if (in_all > most_in_all) return no_layout(path, "its parts have more than 512 MiB in all");
    if (digest_of(*bytes) == digest) image.blobs.insert_or_assign(digest, *std::move(bytes));
  }
  return {};
}

Expected<Image> read_layout_files(const fs::path& path, const Find& find) {
  const std::optional<std::string> text = find(index_file);
  if (!text) return no_layout(path, "it has no index.json");
  const Json index = text::parse_json<Json>(*text);
  const Json manifests = index.is_object() ? index.value("manifests", Json()) : Json();
  if (!manifests.is_array()) return no_layout(path, "its index.json lists no manifests");
  if (manifests.size() != 1)
    return no_layout(path, fmt::format("it has {} images, not one", manifests.size()));
  const Json digest = manifests[0].is_object() ? manifests[0].value("digest", Json()) : Json();
  const std::string hex = digest.is_string() ? hex_of(digest.get<std::string>()) : "";
  std::optional<std::string> manifest = hex.empty() ? std::nullopt : find(blobs_folder + hex);
  if (!manifest) return no_layout(path, "its manifest is missing");
  if (sha256(*manifest) != hex) return no_layout(path, "its manifest is not what its digest says");
  Image image{*std::move(manifest)};
  if (const auto added = add_blobs(image, path, find, blobs_folder); !added) {
    return std::unexpected(added.error());
  }
  return image;
}

}  // namespace

Expected<void> write_layout(const Image& image, const text::Place& place, const std::string& name) {
  const fs::path path = place.path();
  std::error_code error;
  if (is_there(path) && !fs::is_empty(path, error) && !is_there(path / mark))
    return has_other_things(path, "");
  auto written = text::replace_folder(place, files_of(image, name), is_of_layout);
  if (!written && written.error().code == ExitCode::usage)
    return has_other_things(path, written.error().seen);
  return written;
}

std::string to_archive(const Image& image, const std::string& name) {
  std::vector<File> files = files_of(image, name);
  if (auto list = docker_list(image, name)) files.push_back({"manifest.json", *std::move(list)});
  return tar(files);
}

bool is_layout(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return path.extension() == ".tar";
  return is_there(path / mark) || (is_there(path / copy_mark) && is_there(path / copy_manifest));
}

Expected<Image> read_layout(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    const Expected<std::string> bytes = text::read_file(path);
    if (!bytes) return std::unexpected(bytes.error());
    const auto any = [](std::string_view) { return true; };
    Expected<std::vector<File>> files = untar(*bytes, 2 * most_module_bytes, any);
    if (!files) return no_layout(path, files.error().seen);
    return read_layout_files(path, in_archive(*std::move(files)));
  }
  if (is_there(path / mark)) return read_layout_files(path, in_folder(path));
  Expected<std::string> manifest = text::read_beneath(path, copy_manifest, most_manifest_bytes);
  if (!manifest) return no_layout(path, "it has neither oci-layout nor manifest.json");
  Image image{*std::move(manifest)};
  if (const auto added = add_blobs(image, path, in_folder(path), ""); !added) {
    return std::unexpected(added.error());
  }
  return image;
}

}  // namespace wasmup::image
