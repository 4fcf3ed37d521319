#!/bin/sh
# From the folder that `pyinstaller build.spec` made: a .deb, and one archive for every other Linux.
# make_packages.sh dist/musika-daw OUT
set -eu
bundle=$1
out=$2
here=$(cd "$(dirname "$0")" && pwd)
version=$("$bundle/musika-daw" --version | cut -d' ' -f2)
arch=$(dpkg --print-architecture)
mkdir -p "$out"
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

mkdir -p "$root/DEBIAN" "$root/opt" "$root/usr/bin" "$root/usr/share/applications" \
    "$root/usr/share/icons/hicolor/scalable/apps" "$root/usr/share/doc/musika-daw"
cp -a "$bundle" "$root/opt/musika-daw"
ln -s /opt/musika-daw/musika-daw "$root/usr/bin/musika-daw"
cp "$here/musika-daw.desktop" "$root/usr/share/applications/"
cp "$here/../../musika_daw/panel/qml/icon.svg" "$root/usr/share/icons/hicolor/scalable/apps/musika-daw.svg"
cp "$bundle/NOTICE" "$root/usr/share/doc/musika-daw/copyright"
cat > "$root/DEBIAN/control" <<EOF
Package: musika-daw
Version: $version
Architecture: $arch
Maintainer: Musika DAW <musika-daw@localhost>
Section: sound
Priority: optional
Installed-Size: $(du -sk "$root/opt" | cut -f1)
Depends: libc6 (>= 2.28), libegl1, libgl1, libxkbcommon-x11-0, libxcb-cursor0, libdbus-1-3, libfontconfig1
Recommends: jackd2 | pipewire-jack
Description: endless techno stems on the grid of your song
 A generator that plays in the band: drums, bass, chords and lead from trained
 networks, in time with the DAW, as takes in its project folder.
EOF
chmod -R go-w "$root"
dpkg-deb --root-owner-group -Zxz --build "$root" "$out/musika-daw_${version}_$arch.deb"
XZ_OPT=-T0 tar -C "$(dirname "$bundle")" -cJf "$out/musika-daw-$version-linux-$(uname -m).tar.xz" "$(basename "$bundle")"
ls -l "$out"
