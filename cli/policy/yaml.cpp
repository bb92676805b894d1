// SPDX-License-Identifier: MIT
#include "yaml.hpp"

#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <regex>
#include <set>
#include <yaml-cpp/yaml.h>

#include "../http/header.hpp"
#include "../text/bounded_yaml.hpp"

namespace wasmup::policy {
namespace {

constexpr size_t most_bytes = 1024UL * 1024;  // what a cluster keeps of one object

Document scalar(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return text;  // in quotes
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return nullptr;
  static const std::regex integer("[-+]?(0|[1-9][0-9]{0,17})");
  static const std::regex decimal(R"([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)");
  constexpr size_t longest_number = 40;
  if (text.size() > longest_number) return text;
  const char* const begin = text.c_str() + (text.starts_with('+') ? 1 : 0);
  const char* const end = text.c_str() + text.size();
  if (std::regex_match(text, integer)) {
    int64_t number = 0;
    std::from_chars(begin, end, number);
    return number;
  }
  if (std::regex_match(text, decimal)) {
    double number = 0;
    if (std::from_chars(begin, end, number).ec == std::errc()) return number;
  }
  return text;
}

Document document_of(const YAML::Node& node) {
  switch (node.Type()) {
    case YAML::NodeType::Scalar:
      return scalar(node);
    case YAML::NodeType::Sequence: {
      Document list = Document::array();
      for (const YAML::Node& item : node) list.push_back(document_of(item));
      return list;
    }
    case YAML::NodeType::Map: {
      Document map = Document::object();
      auto& entries = map.get_ref<Document::object_t&>();  // which looks through all of them for a name
      std::set<std::string> names;
      for (const auto& entry : node) {
        if (!entry.first.IsScalar()) text::refuse(entry.first, "a name must be one text");
        const std::string& name = entry.first.Scalar();
        if (!names.insert(name).second) text::refuse(entry.first, "'" + name + "' is there twice");
        entries.emplace_back(name, document_of(entry.second));
      }
      return map;
    }
    default:
      return nullptr;
  }
}

/// Whether some reader of YAML, of 1.1 too, would take it for something else than this text.
bool wants_quotes(const std::string& text) {
  static const std::regex word("y|yes|n|no|true|false|on|off|null|~|\\.nan|[-+]?\\.inf", std::regex::icase);
  static const std::regex plain("[A-Za-z_/][A-Za-z0-9_./@-]*(:[A-Za-z0-9_./@-]+)*");
  constexpr size_t longest = 1000;  // for the library's regular expressions
  return text.size() > longest || !std::regex_match(text, plain) || std::regex_match(text, word);
}

void emit(YAML::Emitter& out, const Document& value) {
  if (value.is_object()) {
    if (value.empty()) out << YAML::Flow;
    out << YAML::BeginMap;
    for (const auto& [name, item] : value.items()) {
      out << YAML::Key;
      emit(out, name);
      out << YAML::Value;
      emit(out, item);
    }
    out << YAML::EndMap;
  } else if (value.is_array()) {
    if (value.empty()) out << YAML::Flow;
    out << YAML::BeginSeq;
    for (const Document& item : value) emit(out, item);
    out << YAML::EndSeq;
  } else if (value.is_string()) {
    const auto text = value.get<std::string>();
    if (wants_quotes(text)) out << YAML::DoubleQuoted;
    out << text;
  } else {
    out << value.dump();  // a number, a truth value, null: the same in both languages
  }
}

}  // namespace

Expected<Document> read_yaml(const std::string& text, std::string_view name) {
  const auto wrong = [name](const YAML::Mark& mark, const std::string& why) {
    const std::string place =
        mark.is_null() ? std::string(name) : fmt::format("{}:{}:{}", name, mark.line + 1, mark.column + 1);
    return std::unexpected(Error{ExitCode::usage, place + " cannot be read", why, ""});
  };
  if (text.size() > most_bytes) return wrong(YAML::Mark::null_mark(), "it is larger than 1 MiB");
  try {
    return document_of(text::load_bounded(text));
  } catch (const YAML::Exception& exception) {
    return wrong(exception.mark, exception.msg);
  }
}

std::string write_yaml(const Document& document) {
  YAML::Emitter out;
  out.SetOutputCharset(YAML::EscapeNonAscii);  // it is printed: nothing in it acts on a terminal
  emit(out, document);
  return std::string(out.c_str()) + "\n";
}

}  // namespace wasmup::policy
