// SPDX-License-Identifier: MIT
#include "function_names.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>

namespace wasmup::wasm {
namespace {

constexpr size_t longest_name = 100;
constexpr size_t most_names = 10'000;
constexpr size_t most_declarations = 8;  // of one name
constexpr size_t most_includes = 1'000;  // of one file

bool is_any_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

/// Words with which a statement declares no function that waits for a host to call it.
bool is_its_authors_own(std::string_view word) {
  return word.starts_with("proxy_") ||  // EXPORT(proxy_on_something) and the like
         is_any_of(word,
                   {"return", "co_return", "co_yield", "co_await",     "throw",  "new",     "delete",
                    "case",   "goto",      "else",     "do",           "using",  "typedef", "friend",
                    "extern", "operator",  "concept",  "maybe_unused", "unused", "used",    "export_name"});
}

bool is_access(std::string_view word) { return is_any_of(word, {"public", "protected", "private"}); }

/// The part of a statement before its `{`, its `;` or the name that is looked at.
struct Statement {
  int types = 0;  ///< words that are not the name of a scope before `::`
  bool opens_class = false;
  bool opens_namespace = false;
  bool is_other = false;  ///< an enum, `extern`, a function that returns so
  bool has_value = false;
  bool has_colon = false;
  bool awaits_template = false;  ///< its `<`
  int angles = 0;                ///< of a template's parameters
  Token last = {};
};

class Reader {
 public:
  Reader(std::string_view text, size_t file, bool declares, FunctionNames& found)
      : tokens_(text), file_(file), declares_(declares), found_(found) {}

  void read() {
    for (Token token = tokens_.next(); token.kind != TokenKind::end && !found_.is_too_much;) {
      const Token next = tokens_.next();
      if (token.kind == TokenKind::directive) {
        read_directive(token.text);
      } else if (!is_dead()) {
        read(token, next);
      }
      token = next;
    }
    settle(false);
  }

 private:
  enum class Scope : char { declarations, code, parentheses };
  enum class Branch : char { first, later, dead };
  struct Pending {
    Token name;
    bool is_qualified;
    size_t depth;  ///< of scopes_
  };

  bool is_dead() const { return dead_branches_ > 0; }
  bool is_in(Scope scope) const { return (scopes_.empty() ? Scope::declarations : scopes_.back()) == scope; }

  void read(const Token& token, const Token& next) {
    if (token.kind == TokenKind::word && looks_like_a_callback(token.text)) read_name(token, next);
    // Only the first branch has its braces counted: another one may repeat them.
    if (later_branches_ > 0) return;
    // Not within the parameters, which may have such names and attributes.
    if ((!pending_ || scopes_.size() == pending_->depth) && is_its_authors_own(token.text)) is_own_ = true;
    if (is_first_argument() && token.kind == TokenKind::literal) settle(true);  // a variable
    if (!is_in(Scope::parentheses)) read_statement(token);
    if (token.kind == TokenKind::mark) read_bracket(token.text.front());
    statement_.last = token;
  }

  bool is_first_argument() const {
    return pending_ && scopes_.size() == pending_->depth + 1 && statement_.last.text == "(";
  }

  void read_name(const Token& token, const Token& next) {
    const std::string_view last = statement_.last.text;
    const bool is_declared = declares_ && later_branches_ == 0 && is_in(Scope::declarations) &&
                             next.text == "(" && statement_.types > 0 && statement_.angles == 0 &&
                             !statement_.has_value && !statement_.has_colon && !is_own_ && last != "~";
    if (!is_declared) return use(token.text);
    settle(false);
    pending_ = Pending{token, last == "::", scopes_.size()};
  }

  /// Outside of parentheses.
  void read_statement(const Token& token) {
    const std::string_view text = token.text;
    Statement& statement = statement_;
    if (statement.angles > 0 || statement.awaits_template) {
      if (text == "<") ++statement.angles;
      if (text == ">") --statement.angles;
      statement.awaits_template = false;
      return;
    }
    if (token.kind == TokenKind::word) {
      ++statement.types;
      statement.awaits_template = text == "template";
      if (is_any_of(text, {"class", "struct", "union"})) statement.opens_class = true;
      if (text == "namespace") statement.opens_namespace = true;
      if (is_any_of(text, {"enum", "extern"})) statement.is_other = true;
      if (pending_ && is_any_of(text, {"override", "final"})) settle(true);
    } else if (text == "::") {
      statement.types = std::max(0, statement.types - 1);
    } else if (text == "->") {
      statement.is_other = true;
    } else if (text == "=") {
      statement.has_value = true;
    } else if (text == ":" && is_access(statement.last.text)) {
      start_statement();
    } else if (text == ":") {
      statement.has_colon = true;
    }
  }

  void read_bracket(char mark) {
    switch (mark) {
      case '(':
      case '[':
        scopes_.push_back(Scope::parentheses);
        break;
      case ')':
      case ']':
        if (!scopes_.empty() && scopes_.back() == Scope::parentheses) scopes_.pop_back();
        break;
      case '{':
        open_brace();
        break;
      case '}':
        close_brace();
        break;
      case ';':
        if (pending_ && scopes_.size() == pending_->depth) settle(false);
        start_statement();
        break;
      default:
        break;
    }
  }

  void open_brace() {
    if (pending_ && scopes_.size() == pending_->depth) settle(false);
    // `struct Found find() const {` opens no class.
    const bool is_function = statement_.last.text == ")" ||
                             is_any_of(statement_.last.text, {"const", "noexcept", "override", "volatile"});
    const bool holds_declarations = !is_in(Scope::parentheses) && !statement_.is_other && !is_function &&
                                    (statement_.opens_namespace || statement_.opens_class);
    scopes_.push_back(holds_declarations ? Scope::declarations : Scope::code);
    start_statement();
  }

  void close_brace() {
    while (!scopes_.empty() && scopes_.back() == Scope::parentheses) scopes_.pop_back();
    if (!scopes_.empty()) scopes_.pop_back();
    if (pending_ && scopes_.size() < pending_->depth) settle(false);
    start_statement();
  }

  void start_statement() {
    statement_ = {};
    is_own_ = false;
  }

  void read_directive(std::string_view line) {
    SourceTokens tokens(line.substr(1));
    const Token name = tokens.next();
    if (name.text.starts_with("if")) {
      const std::string_view condition = tokens.next().text;
      add_branch(name.text == "if" && (condition == "0" || condition == "false") ? Branch::dead
                                                                                 : Branch::first);
    } else if (name.text.starts_with("el")) {
      const Branch before = remove_branch();
      add_branch(before == Branch::dead ? Branch::first : Branch::later);
    } else if (name.text == "endif") {
      remove_branch();
    } else if (name.text == "include" && !is_dead()) {
      const std::string_view file = tokens.next().text;
      if (file.size() > 2 && file.starts_with('"'))
        found_.includes.emplace_back(file.substr(1, file.size() - 2));
      found_.is_too_much = found_.is_too_much || found_.includes.size() > most_includes;
    } else if (!is_dead()) {
      for (Token token = tokens.next(); token.kind != TokenKind::end; token = tokens.next()) {
        if (looks_like_a_callback(token.text)) use(token.text);
      }
    }
  }

  void add_branch(Branch branch) {
    branches_.push_back(branch);
    count(branch, 1);
  }
  Branch remove_branch() {
    if (branches_.empty()) return Branch::first;
    const Branch branch = branches_.back();
    branches_.pop_back();
    count(branch, -1);
    return branch;
  }
  void count(Branch branch, int change) {
    if (branch == Branch::dead) dead_branches_ += change;
    if (branch == Branch::later) later_branches_ += change;
  }

  FunctionNames::Name* find(std::string_view name) {
    const auto found = found_.names.find(name);
    if (found != found_.names.end()) return &found->second;
    found_.is_too_much = found_.names.size() == most_names;
    return found_.is_too_much ? nullptr : &found_.names[std::string(name)];
  }
  void use(std::string_view name) {
    if (FunctionNames::Name* const found = find(name)) found->is_used = true;
  }

  /// What was pending is a function that was declared, or it is its author's own.
  void settle(bool is_own) {
    if (!pending_) return;
    const Pending pending = *pending_;
    pending_.reset();
    if (is_own || is_own_) return use(pending.name.text);
    FunctionNames::Name* const found = find(pending.name.text);
    if (found == nullptr || found->declarations.size() == most_declarations) return;
    found->declarations.push_back({file_, tokens_.place_of(pending.name), pending.is_qualified});
  }

  SourceTokens tokens_;
  size_t file_;
  bool declares_;
  FunctionNames& found_;
  std::vector<Scope> scopes_;
  std::vector<Branch> branches_;
  int dead_branches_ = 0;
  int later_branches_ = 0;
  Statement statement_;
  bool is_own_ = false;  ///< as some word in the statement says
  std::optional<Pending> pending_;
};

}  // namespace

bool looks_like_a_callback(std::string_view name) {
  return (name.starts_with("on_") && name.size() > 3 && name.size() <= longest_name) ||
         (name.starts_with("wants_whole_") && name.size() <= longest_name);
}

void read_function_names(std::string_view text, size_t file, bool declares, FunctionNames& found) {
  found.includes.clear();
  Reader(text, file, declares, found).read();
}

}  // namespace wasmup::wasm
