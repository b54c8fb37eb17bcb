# Set-up shared by the scripts of this folder and by the Dockerfile. Source it; it changes to the repository's root.
# Everything here may be run again at any time: work already done is recognised by a stamp and skipped.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
ROOT=$PWD
VENV=$ROOT/.venv
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
unset PYTHONDONTWRITEBYTECODE # else each start compiles five hundred modules anew

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
die() {
    printf '\033[1;31m错误：\033[0m%s\n' "$*" >&2
    exit 1
}

# One set-up at a time per work tree. The lock is this file's own, so it leaves nothing behind.
lock_setup() { exec 8<"$ROOT/scripts/lib.sh" && { flock -n 8 || { say "另一个安装正在进行，等它结束……" && flock 8; }; }; }
unlock_setup() { exec 8<&-; }

# quietly LABEL COMMAND…: run a long step; show its output only if it fails.
quietly() {
    local label=$1 log started=$SECONDS
    shift
    say "$label……"
    log=$(mktemp)
    if ! "$@" >"$log" 2>&1 </dev/null; then
        cat "$log" >&2
        rm -f "$log"
        die "$label失败，原因见上。"
    fi
    rm -f "$log"
    say "$label：完成（$((SECONDS - started)) 秒）"
}

# side_by_side PART…: functions at the same time. Ends the script if one of them failed, after all have ended.
side_by_side() {
    local part running=() failed=
    for part in "$@"; do
        ("$part") &
        running+=($!)
    done
    for part in "${running[@]}"; do wait "$part" || failed=yes; done
    [ -z "$failed" ] || exit 1
}

# digest PATH…: one hash over the names and contents of all files below, without what no build reads.
digest() {
    find "$@" \( -name node_modules -o -name dist -o -name checks -o -name tests \) -prune -o -type f -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

stamped() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# Debian packages, by PROGRAM=PACKAGE: installs those whose program is missing, as root or through sudo.
ensure_debian() {
    local missing=() pair as_root=()
    for pair in "$@"; do
        [ -e "${pair%%=*}" ] || missing+=("${pair#*=}")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || die "缺少 Debian 软件包，请先安装：sudo apt-get install ${missing[*]}"
        as_root=(sudo -n)
    fi
    quietly "更新软件包列表" "${as_root[@]}" apt-get update
    quietly "安装 ${missing[*]}" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends "${missing[@]}"
}

find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
        [ -n "$candidate" ] && command -v "$candidate" >/dev/null || continue
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        echo "$candidate"
        return
    done
    die "需要 Python 3.11 或更新的版本：apt-get install python3 python3-venv"
}

ensure_venv() {
    [ -x "$VENV/bin/python" ] && "$VENV/bin/python" -m pip --version >/dev/null 2>&1 && return
    local python
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' 2>/dev/null || ensure_debian "/nowhere=python3-venv"
    rm -rf "$VENV"
    quietly "建立 Python 环境" "$python" -m venv "$VENV"
}

# ensure_packages LOCK: the packages of one lock file, each checked against its hash, and this package itself.
# The test lock holds all of the runtime lock (a test makes sure), so installing it counts for both.
ensure_packages() {
    local wanted
    ensure_venv
    wanted=$(cat "$1" setup.cfg pyproject.toml | sha256sum | cut -d' ' -f1)
    stamped "$VENV/.installed-$1" "$wanted" && return
    local lean=()
    [ "$1" != requirements-test.txt ] || lean=(--no-compile) # tests load a third of what that brings
    quietly "安装 Python 依赖（$1，首次约一两分钟）" "$VENV/bin/python" -m pip install "${lean[@]}" --require-hashes -r "$1"
    quietly "安装本程序" "$VENV/bin/python" -m pip install --no-deps --no-build-isolation -e .
    echo "$wanted" >"$VENV/.installed-$1"
    if [ "$1" = requirements-test.txt ]; then
        cat requirements.txt setup.cfg pyproject.toml | sha256sum | cut -d' ' -f1 >"$VENV/.installed-requirements.txt"
    fi
}

ensure_node() {
    command -v node >/dev/null && command -v npm >/dev/null || die "需要 Node.js 20 或更新的版本（含 npm）来构建页面。"
    [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || die "Node.js 太旧（$(node --version)），需要 20 或更新的版本。"
}

# ensure_modules DIR: npm packages exactly as locked; no install script of any package is run.
ensure_modules() {
    local wanted
    ensure_node
    wanted=$(sha256sum <"$1/package-lock.json" | cut -d' ' -f1)
    stamped "$1/node_modules/.locked" "$wanted" && return
    quietly "安装前端依赖（$1）" npm --prefix "$1" ci --ignore-scripts --no-audit --no-fund
    mkdir -p "$1/node_modules" && echo "$wanted" >"$1/node_modules/.locked"
}

# build_once LABEL DIR RESULT STAMP COMMAND…: build when the sources in DIR, and the files in $beside, differ from those
# that RESULT was built from.
build_once() {
    local label=$1 dir=$2 result=$3 stamp=$2/node_modules/$4 wanted
    shift 4
    wanted=$(digest "$dir" ${beside-})
    [ -e "$result" ] && stamped "$stamp" "$wanted" && return
    ensure_modules "$dir"
    quietly "$label" env CI=true npm --prefix "$dir" "$@"
    [ -e "$result" ] || die "$label没有产出 $result。"
    echo "$wanted" >"$stamp"
}

build_console() {
    local beside # the style sheets of slices lie beside their templates
    beside=$(find server -path '*/templates/*.css' -not -path '*/node_modules/*')
    build_once "构建管理端页面" server/console/assets server/console/static .built run build
}

build_h5() {
    build_once "构建工人端页面（H5）" miniprogram miniprogram/dist/build/h5/index.html .built-h5 run build:h5
}

build_mini_program() {
    build_once "构建微信小程序" miniprogram miniprogram/dist/build/mp-weixin/app.json .built-mp run build:mp-weixin
}
