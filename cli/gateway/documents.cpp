// SPDX-License-Identifier: MIT
#include "documents.hpp"

#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <optional>

#include "../text/bounded_yaml.hpp"

namespace wasmup::gateway {
namespace {

template <class Number>
std::optional<Number> number_in(const std::string& text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

/// A plain scalar is what YAML 1.2 takes it for; a quoted one is text.
Json scalar(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return text;
  if (text.empty() || text == "~" || text == "null") return nullptr;
  if (text == "true" || text == "false") return text == "true";
  if (const auto whole = number_in<int64_t>(text)) return *whole;
  if (const auto broken = number_in<double>(text); broken && std::isfinite(*broken)) return *broken;
  return text;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as load_all_bounded lets it
Json to_json(const YAML::Node& node) {
  switch (node.Type()) {
    case YAML::NodeType::Scalar:
      return scalar(node);
    case YAML::NodeType::Sequence: {
      Json list = Json::array();
      for (const YAML::Node& one : node) list.push_back(to_json(one));
      return list;
    }
    case YAML::NodeType::Map: {
      Json map = Json::object();
      for (const auto& entry : node) {
        if (!entry.first.IsScalar()) text::refuse(entry.first, "a name must be one text");
        if (map.contains(entry.first.Scalar())) {
          text::refuse(entry.first, entry.first.Scalar() + " is there twice");
        }
        map[entry.first.Scalar()] = to_json(entry.second);
      }
      return map;
    }
    default:
      return nullptr;
  }
}

bool is_text(const Json& object, const char* pointer) {
  const Json::json_pointer place(pointer);
  return object.contains(place) && object[place].is_string() &&
         !object[place].get_ref<const std::string&>().empty();
}

/// Puts the object, or those in a list, behind the others.
// NOLINTNEXTLINE(misc-no-recursion): a list in a list, at most as deep as the document
void take(const Json& document, const YAML::Node& node, std::vector<Json>& objects) {
  if (document.is_null()) return;  // nothing between two "---"
  if (!document.is_object()) text::refuse(node, "an object has names with values (kind: ...)");
  if (is_text(document, "/kind") && document["kind"] == "List" && document.contains("items")) {
    for (const Json& item : document["items"]) take(item, node, objects);
    return;
  }
  for (const char* pointer : {"/apiVersion", "/kind", "/metadata/name"}) {
    if (!is_text(document, pointer)) text::refuse(node, fmt::format("an object has no {}", pointer + 1));
  }
  objects.push_back(document);
}

}  // namespace

Expected<std::vector<Json>> read_documents(const std::string& text, std::string_view name) {
  std::vector<Json> objects;
  try {
    for (const YAML::Node& document : text::load_all_bounded(text)) {
      take(to_json(document), document, objects);
    }
  } catch (const YAML::Exception& error) {
    return std::unexpected(
        Error{ExitCode::usage, fmt::format("{} cannot be read", name),
              fmt::format("{}:{}: {}", error.mark.line + 1, error.mark.column + 1, error.msg),
              "a file as kubectl apply -f takes it"});
  }
  if (!objects.empty()) return objects;
  return std::unexpected(Error{ExitCode::usage, fmt::format("{} has no object in it", name), "", ""});
}

}  // namespace wasmup::gateway
