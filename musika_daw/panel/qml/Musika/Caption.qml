// A quiet heading.
import QtQuick

Text {
    color: Theme.dim
    font.pixelSize: Theme.small
    font.letterSpacing: 0.6
    elide: Text.ElideRight
}
