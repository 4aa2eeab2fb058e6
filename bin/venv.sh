# Sourced by bin/serve and bin/test in the project root. Manages the virtual environment in .venv.

# Install the packages of a requirements file, if it has changed since the last time.
install() {
    if [ ! -x .venv/bin/python ]; then
        python=$(command -v python3.11 || command -v python3)
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
            echo "Python 3.11 or newer is needed." >&2
            exit 1
        }
        "$python" -m venv .venv
    fi
    # requirements-dev.txt includes requirements.txt, so a change to either file matters.
    wanted=$(cat requirements.txt "$1" | cksum)
    mark=".venv/installed-$1"
    if [ "$wanted" != "$(cat "$mark" 2>/dev/null || true)" ]; then
        echo "Installing $1 ..."
        .venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$1"
        echo "$wanted" >"$mark"
    fi
}
