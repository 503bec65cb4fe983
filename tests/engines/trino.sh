# Sourced by `run`: brings Trino, the engine that Athena is made of, into a cache of its own outside the checkout.
# Only what a query over Hive tables needs: the server's libraries and the Hive connector, 450 MB to download and
# 350 MB unpacked, once.

TRINO_VERSION=476
TRINO_CORE_SHA256=0f388f9967c177ae70a47c099082fc95387f0c3cb96d8000d1d41fc3a5223158
TRINO_HIVE_SHA256=611bacdb07d9f3cf7b9d47f97ecc76fa2e7ff8bfe8a9728c3d06adc1bfb8662e
MAVEN_DEPENDENCY_PLUGIN=org.apache.maven.plugins:maven-dependency-plugin:3.8.1

# Prints the folder that holds lib/ and plugin/hive/.
trino_home() {
  local cache=${XDG_CACHE_HOME:-$HOME/.cache}/beacon-tests
  local home=$cache/trino-$TRINO_VERSION
  if [[ ! -d $home ]]; then
    mkdir -p "$cache"
    # Unpacked beside its place and then renamed, so that an interrupted run leaves nothing that looks whole.
    local part
    part=$(mktemp -d "$cache/trino-$TRINO_VERSION.part.XXXXXX")
    unpack_trino "$part" >&2 || { rm -rf "$part"; return 1; }
    rm -rf "$part/maven"
    mv "$part" "$home"
  fi
  echo "$home"
}

unpack_trino() {
  local part=$1
  command -v mvn >/dev/null || install_packages maven || return 1
  command -v unzip >/dev/null || install_packages unzip || return 1
  download "$part" trino-server-core tar.gz "$TRINO_CORE_SHA256" || return 1
  download "$part" trino-hive zip "$TRINO_HIVE_SHA256" || return 1
  tar -xzf "$part/trino-server-core.tar.gz" -C "$part" --strip-components=1 --wildcards '*/lib/*' || return 1
  mkdir "$part/plugin"
  unzip -q "$part/trino-hive.zip" -d "$part/plugin" || return 1
  mv "$part/plugin/trino-hive-$TRINO_VERSION" "$part/plugin/hive" || return 1
  rm "$part/trino-server-core.tar.gz" "$part/trino-hive.zip"
}

# download FOLDER ARTEFACT EXTENSION SHA256: FOLDER/ARTEFACT.EXTENSION, whose content is as it should be.
download() {
  local folder=$1 artefact=$2 extension=$3 sha256=$4
  echo "downloading $artefact $TRINO_VERSION"
  mvn -B -q -C "-Dmaven.repo.local=$folder/maven" "$MAVEN_DEPENDENCY_PLUGIN:get" \
    "-Dartifact=io.trino:$artefact:$TRINO_VERSION:$extension" -Dtransitive=false || return 1
  mv "$folder/maven/io/trino/$artefact/$TRINO_VERSION/$artefact-$TRINO_VERSION.$extension" \
    "$folder/$artefact.$extension" || return 1
  if ! echo "$sha256  $folder/$artefact.$extension" | sha256sum --check --quiet; then
    echo "$artefact $TRINO_VERSION is not the file that this suite was written with: expected SHA-256 $sha256"
    return 1
  fi
}

install_packages() {
  echo "installing $*"
  # Not every machine has sudo, and not everybody is root.
  local as_root=()
  [[ $(id -u) == 0 ]] || as_root=(sudo)
  "${as_root[@]}" apt-get update -q > /dev/null
  "${as_root[@]}" apt-get install -y -q --no-install-recommends "$@"
}
