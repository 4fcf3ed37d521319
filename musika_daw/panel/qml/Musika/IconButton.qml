// A push button with a sign.
import QtQuick

Button {
    id: button
    property string path
    property bool filled: true
    property real size: 16
    implicitWidth: compact ? 26 : 34
    leftPadding: 0
    rightPadding: 0
    Accessible.name: tip
    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            path: button.path
            filled: button.filled
            scale: button.size / 16
            tint: button.enabled ? button.ink : Theme.dim
        }
    }
}
