// A plate that groups what belongs together.
import QtQuick

Rectangle {
    color: Theme.surface
    radius: Theme.radius
}
