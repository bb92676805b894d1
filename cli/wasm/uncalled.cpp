// SPDX-License-Identifier: MIT
#include "uncalled.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <optional>
#include <set>
#include <system_error>
#include <tuple>

#include "../text/file.hpp"
#include "../text/suggestion.hpp"
#include "function_names.hpp"

namespace wasmup::wasm {
namespace {

namespace fs = std::filesystem;

constexpr size_t most_files = 500;
constexpr size_t most_bytes = size_t{4} << 20;  // of all files
constexpr size_t most_warnings = 20;

constexpr std::string_view all_callbacks[] = {
    "on_vm_start",
    "on_configure",
    "on_tick",
    "on_queue_ready",
    "on_foreign_function",
    "on_done",
    "on_log",
    "on_request_headers",
    "on_request_body",
    "wants_whole_request_body",
    "on_whole_request_body",
    "on_request_trailers",
    "on_response_headers",
    "on_response_body",
    "wants_whole_response_body",
    "on_whole_response_body",
    "on_response_trailers",
    "on_new_connection",
    "on_downstream_data",
    "on_upstream_data",
    "on_downstream_close",
    "on_upstream_close",
    // Of the events of a gRPC call-out.
    "on_initial_metadata",
    "on_message",
    "on_trailing_metadata",
    "on_close",
};

/// The files that make a filter, as far as they can be found without a compiler.
class Sources {
 public:
  explicit Sources(const std::vector<fs::path>& files) {
    for (const fs::path& file : files) {
      folders_.insert(folder_of(canonical(file)));
      add(file);
    }
  }

  /// Nothing if they are too many, too large or not to be read.
  std::optional<FunctionNames> read() {
    FunctionNames names;
    for (size_t i = 0; i < files_.size(); ++i) {
      const std::optional<std::string> text = read_file(files_[i]);
      if (!text) return std::nullopt;
      read_function_names(*text, i, is_in_folders(canonical(files_[i])), names);
      if (names.is_too_much) return std::nullopt;
      // A header that does not lie there is found elsewhere by the compiler.
      for (const std::string& name : names.includes) {
        add((files_[i].parent_path() / name).lexically_normal());
      }
      if (files_.size() > most_files) return std::nullopt;
    }
    return names;
  }

  const fs::path& file(size_t index) const { return files_[index]; }

 private:
  static fs::path canonical(const fs::path& file) {
    std::error_code error;
    fs::path whole = fs::canonical(file, error);
    return error ? file : whole;
  }
  static fs::path folder_of(const fs::path& file) { return file.parent_path(); }

  bool is_in_folders(const fs::path& file) const {
    for (fs::path folder = folder_of(file); folder.has_relative_path(); folder = folder_of(folder)) {
      if (folders_.contains(folder)) return true;
    }
    return false;
  }

  void add(const fs::path& file) {
    std::error_code error;
    if (fs::is_regular_file(file, error) && known_.insert(canonical(file)).second) files_.push_back(file);
  }

  std::optional<std::string> read_file(const fs::path& file) {
    Expected<std::string> text = text::read_file(file, most_bytes - bytes_);
    if (!text) return std::nullopt;
    bytes_ += text->size();
    return *std::move(text);
  }

  std::vector<fs::path> files_;
  std::set<fs::path> known_;    ///< canonical
  std::set<fs::path> folders_;  ///< of the sources, canonical
  size_t bytes_ = 0;
};

/// Closer than text::nearest() wants it: what all such names begin with says nothing.
std::string nearest_callback(const std::string& name) {
  const std::string_view prefix = name.starts_with("on_") ? "on_" : "wants_whole_";
  std::vector<std::string> candidates;
  for (const std::string_view callback : all_callbacks) {
    if (callback.starts_with(prefix)) candidates.emplace_back(callback.substr(prefix.size()));
  }
  const std::string rest = name.substr(prefix.size());
  const std::string nearest = text::nearest(rest, candidates, std::max(size_t{1}, rest.size() / 3));
  return nearest.empty() ? "" : std::string(prefix) + nearest;
}

bool is_callback(std::string_view name) {
  return std::ranges::find(all_callbacks, name) != std::end(all_callbacks);
}

/// In a class, or where the name is defined when its class is not among the sources.
std::vector<FunctionNames::Declaration> places_of(const FunctionNames::Name& name) {
  std::vector<FunctionNames::Declaration> places;
  std::ranges::copy_if(name.declarations, std::back_inserter(places),
                       [](const FunctionNames::Declaration& one) { return !one.is_qualified; });
  if (places.empty() && !name.declarations.empty()) places.push_back(name.declarations.front());
  return places;
}

}  // namespace

std::span<const std::string_view> sdk_callbacks() { return all_callbacks; }

std::vector<Uncalled> find_uncalled(const std::vector<fs::path>& files) {
  Sources sources(files);
  const std::optional<FunctionNames> names = sources.read();
  std::vector<Uncalled> found;
  if (!names) return found;
  for (const auto& [name, seen] : names->names) {
    if (seen.is_used || is_callback(name)) continue;
    for (const FunctionNames::Declaration& one : places_of(seen)) {
      found.push_back({sources.file(one.file), one.place.line, one.place.column, name, {}});
    }
  }
  std::ranges::sort(found, {}, [](const Uncalled& one) { return std::tie(one.file, one.line, one.column); });
  if (found.size() > most_warnings) found.resize(most_warnings);
  for (Uncalled& one : found) one.nearest = nearest_callback(one.name);
  return found;
}

std::string warnings_of(const std::vector<Uncalled>& found) {
  std::string lines;
  for (const Uncalled& one : found) {
    lines += fmt::format("{}:{}:{}: warning: {} is no callback of wasmup, and nothing calls it{}\n",
                         one.file.string(), one.line, one.column, one.name,
                         one.nearest.empty() ? "" : fmt::format("; did you mean {}?", one.nearest));
  }
  return lines;
}

}  // namespace wasmup::wasm
