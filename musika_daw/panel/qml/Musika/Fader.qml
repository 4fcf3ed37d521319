// A vertical or horizontal fader of a number in the book: drag, wheel, arrows; a double click brings the default back.
import QtQuick

FocusScope {
    id: fader
    property var item
    property color tint: Theme.accent
    property bool vertical: true
    property string label: item ? item.label : ""
    readonly property real share: item ? item.way : 0

    implicitWidth: vertical ? 26 : 140
    implicitHeight: vertical ? 120 : 26
    activeFocusOnTab: true
    Accessible.role: Accessible.Slider
    Accessible.name: label
    Accessible.description: item ? item.text : ""

    function put(share) {
        if (item)
            item.put(share);
    }

    Keys.onUpPressed: put(share + 0.02)
    Keys.onRightPressed: put(share + 0.02)
    Keys.onDownPressed: put(share - 0.02)
    Keys.onLeftPressed: put(share - 0.02)
    Keys.onMenuPressed: ControlMenu.open(fader, item)
    Keys.onPressed: event => { if (event.key === Qt.Key_Delete && item) item.reset(); }

    Rectangle {
        anchors.fill: parent
        radius: 5
        color: Theme.ground
        border.width: fader.activeFocus ? 2 : 1
        border.color: fader.activeFocus ? Theme.text : Theme.line
    }
    Rectangle {
        radius: 4
        color: Qt.darker(fader.tint, 1.35)
        x: 2
        width: fader.vertical ? parent.width - 4 : Math.max(4, (parent.width - 4) * fader.share)
        height: fader.vertical ? Math.max(4, (parent.height - 4) * fader.share) : parent.height - 4
        y: fader.vertical ? parent.height - 2 - height : 2
    }
    Rectangle {
        color: Theme.text
        radius: 1
        width: fader.vertical ? parent.width - 6 : 3
        height: fader.vertical ? 3 : parent.height - 6
        x: fader.vertical ? 3 : Math.min(parent.width - 5, 2 + (parent.width - 4) * fader.share)
        y: fader.vertical ? Math.max(2, parent.height - 2 - (parent.height - 4) * fader.share) : 3
    }
    ControlMouse { item: fader.item; owner: fader; vertical: fader.vertical; travel: fader.vertical ? fader.height : fader.width }
}
