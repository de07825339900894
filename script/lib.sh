# What the scripts share. To be sourced by bash, after which $ROOT is the project's folder:
#
#   source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
#   ensure_light_env           # Python with what the demo, the simulator and the benchmark need
#   exec "$PYTHON" ...
#
# shellcheck shell=bash

ROOT="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)"
VENV="${LOADJUGGLER_VENV:-.venv}"
[[ $VENV == /* ]] || VENV="$ROOT/$VENV"
CACHE="$ROOT/.cache"

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename -- "$0"): $*"; exit 1; }

# print_help: the comment at the top of the calling script is its help text.
print_help() { sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$0"; }

STAMP=.loadjuggler-made
# stamp_of NAME...: a hash of what an environment is made from. NAME is a file in the project.
# An environment carries in the file $STAMP the stamp it was finished with, then the Python it was
# made with, then the Home Assistant that was asked for; another stamp means: make it again.
stamp_of() { (cd -- "$ROOT" && sha256sum -- "$@" | sha256sum | cut -c1-16); }

# is_current VENV STAMP: true if the environment was finished, from just this.
is_current() {
  local found=""
  [[ -x $1/bin/python && -r $1/$STAMP ]] && read -r found <"$1/$STAMP"
  [[ $found == "$2" ]]
}

full_stamp() { stamp_of script/setup script/lib.sh requirements/{light,test,home_assistant}.txt; }

# each_python: all Pythons of this machine that could be used, one path a line.
each_python() {
  local name directory
  for name in python3.{15,14,13,12,11} python3 python; do
    type -ap -- "$name" || true
  done
  # Neither pyenv nor uv puts all its Pythons on PATH.
  for directory in "${PYENV_ROOT:-$HOME/.pyenv}/versions" \
    "${UV_PYTHON_INSTALL_DIR:-${XDG_DATA_HOME:-$HOME/.local/share}/uv/python}"; do
    for name in "$directory"/*/bin/python3; do
      [[ -x $name ]] && printf '%s\n' "$name"
    done
  done
  return 0
}

# python_version PYTHON: its version as a sortable number (3.13.2: 31302), or nothing if it can't
# be used: a shim without an interpreter behind it, or a Python that lacks venv, SSL or SQLite.
python_version() {
  "$1" -c 'import ensurepip, sqlite3, ssl, sys, venv
if sys.version_info.releaselevel == "final":
    print("%d%02d%02d" % sys.version_info[:3])' 2>/dev/null </dev/null || true
}

# find_python: prints the newest usable Python (at least 3.11), or nothing.
# LOADJUGGLER_PYTHON names one and ends the search.
find_python() {
  local candidate version best="" best_version=31099
  if [[ -n ${LOADJUGGLER_PYTHON:-} ]]; then
    version="$(python_version "$LOADJUGGLER_PYTHON")"
    if (( ${version:-0} < 31100 )); then
      die "LOADJUGGLER_PYTHON=$LOADJUGGLER_PYTHON is no usable Python of 3.11 or newer"
    fi
    printf '%s\n' "$LOADJUGGLER_PYTHON"
    return
  fi
  while read -r candidate; do
    version="$(python_version "$candidate")"
    if (( ${version:-0} > best_version )); then
      best="$candidate" best_version="$version"
    fi
  done < <(each_python | awk '!seen[$0]++')
  printf '%s\n' "$best"
}

# make_venv PYTHON VENV: a new, empty environment with uv in it, which installs much faster than
# pip does. Where there is no uv for this machine, pip stays.
make_venv() {
  rm -rf -- "$2"
  "$1" -m venv -- "$2"
  "$2/bin/python" -m pip install --quiet --disable-pip-version-check uv 2>/dev/null || true
}

# install VENV ARGUMENT...: pip install, by uv where it is there. Shows progress on a terminal.
install() {
  local venv="$1" quiet=(--quiet)
  shift
  [[ -t 2 ]] && quiet=()
  if [[ -x $venv/bin/uv ]]; then
    "$venv/bin/uv" pip install "${quiet[@]}" --python "$venv/bin/python" "$@"
  else
    "$venv/bin/python" -m pip install --disable-pip-version-check "${quiet[@]}" "$@"
  fi
}

# ensure_light_env [--test]: sets $PYTHON to a Python that can run the engine and the simulator;
# with --test also the linters and the tests without Home Assistant. Uses what script/setup made
# if that is complete, else makes .venv-light once, from any Python of 3.11 or newer.
ensure_light_env() {
  local list=light venv="$ROOT/.venv-light" stamp python
  [[ ${1:-} == --test ]] && list=test

  PYTHON="$VENV/bin/python"
  is_current "$VENV" "$(full_stamp)" && return

  PYTHON="$venv/bin/python"
  stamp="$(stamp_of script/lib.sh requirements/{light,test}.txt)"
  is_current "$venv" "$stamp-test" && return
  [[ $list == light ]] && is_current "$venv" "$stamp-light" && return

  python="$(find_python)"
  [[ -n $python ]] || die "needs Python 3.11 or newer with its venv module" \
    "(Debian and Ubuntu: apt install python3 python3-venv)"
  say "Preparing a small Python environment in $(basename -- "$venv") (once, about 20 s) ..."
  make_venv "$python" "$venv"
  install "$venv" -r "$ROOT/requirements/$list.txt" ||
    die "could not install the packages in requirements/$list.txt: is there a network?"
  printf '%s\n' "$stamp-$list" >"$venv/$STAMP"
}
