// A corner of the morph pad: a body that grows with its influence; its name opens the choice of styles and is dragged.
import QtQuick

Item {
    id: anchor
    property int number
    property var item
    property real share
    property var names: []
    property real bounds: 120
    readonly property color tint: Theme.anchors[number]
    readonly property string title: ("" + item.value).replace(/.*[\/\\]/, "").replace(/\.toml$/, "").replace(/_/g, " ")
    signal swapped(int other)
    width: 40
    height: 40

    Rectangle {
        anchors.centerIn: parent
        width: 18 + 20 * anchor.share
        height: width
        radius: width / 2
        color: drop.containsDrag ? Theme.text : anchor.tint
        opacity: 0.45 + 0.55 * anchor.share
    }
    Rectangle {
        id: ghost
        width: 40
        height: 40
        radius: 20
        color: anchor.tint
        opacity: 0.8
        visible: area.drag.active
        Drag.active: area.drag.active
        Drag.source: anchor
        Drag.hotSpot: Qt.point(20, 20)
    }
    DropArea {
        id: drop
        anchors.fill: parent
        onDropped: event => {
            if (event.source && event.source.number !== undefined && event.source !== anchor)
                anchor.swapped(event.source.number);
            else if (event.hasUrls)
                anchor.item.move(preferences.local_path(event.urls[0].toString()));
            else if (event.hasText)
                anchor.item.move(event.text);
        }
    }
    Rectangle {
        readonly property bool onTheRight: anchor.number % 2 === 1
        y: anchor.number > 1 ? anchor.height - 2 : -height + 2
        x: onTheRight ? anchor.width - width + 14 : -14
        width: Math.min(name.implicitWidth + 16, anchor.bounds)
        height: 22
        radius: 11
        color: area.containsMouse ? Theme.line : Theme.raised
        Text {
            id: name
            anchors.centerIn: parent
            width: Math.min(implicitWidth, parent.width - 12)
            text: anchor.title
            color: Theme.text
            font.pixelSize: Theme.small
            elide: Text.ElideRight
        }
        MouseArea {
            id: area
            objectName: "anchor name " + anchor.number
            anchors.fill: parent
            hoverEnabled: true
            drag.target: ghost
            drag.smoothed: false
            onPressed: mouse => { // what is dragged lies under the pointer
                const at = mapToItem(anchor, mouse.x, mouse.y);
                ghost.x = at.x - 20;
                ghost.y = at.y - 20;
            }
            onClicked: StylePicker.open(anchor, anchor.item)
            onReleased: {
                ghost.Drag.drop();
                ghost.x = 0;
                ghost.y = 0;
            }
            Tip { text: qsTr("click: another style for this corner; drag it onto another corner to exchange them"); shown: area.containsMouse && !area.pressed }
        }
    }
}
