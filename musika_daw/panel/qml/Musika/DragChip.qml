// A file to drag out: what is dropped is the file where it lies, so that it stays whatever becomes of the window.
import QtQuick

Rectangle {
    id: chip
    property string text
    property string urls
    property color tint: Theme.accent
    property bool hollow: false

    width: label.implicitWidth + 12
    height: 20
    radius: 4
    color: hollow ? (area.containsMouse ? Theme.line : "transparent") : Qt.darker(tint, area.containsMouse ? 1.3 : 1.8)
    border.width: 1
    border.color: tint
    Accessible.role: Accessible.Button
    Accessible.name: qsTr("drag %1").arg(text)

    Text { id: label; anchors.centerIn: parent; text: chip.text; color: Theme.text; font.pixelSize: Theme.small }
    Drag.active: area.drag.active
    Drag.dragType: Drag.Automatic
    Drag.supportedActions: Qt.CopyAction
    Drag.mimeData: ({ "text/uri-list": chip.urls })
    MouseArea {
        id: area
        anchors.fill: parent
        hoverEnabled: true
        cursorShape: Qt.OpenHandCursor
        drag.target: Item {}
        Tip { text: qsTr("drag it into your DAW"); shown: parent.containsMouse }
    }
}
