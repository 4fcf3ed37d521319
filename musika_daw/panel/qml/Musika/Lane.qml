// One stem from left to right: its name and switches, what it plays, how much and how bright, how loud.
import QtQuick
import QtQuick.Layouts

Surface {
    id: lane
    property string stem
    property color tint: Theme.of(stem)
    readonly property string path: "stem/" + stem + "/"
    readonly property var pattern: controls.item(path + "pattern")
    readonly property var given: controls.item(path + "notes")
    readonly property bool has_given: !!given && given.value !== "off" && given.value !== ""

    function again() {
        if (has_given)
            given.move("off");
        pattern.move(Math.floor(1 + Math.random() * 9999));
    }
    Rectangle { width: 5; height: parent.height; radius: 2; color: lane.tint }
    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: 14
        anchors.rightMargin: Theme.gap
        anchors.topMargin: 6
        anchors.bottomMargin: 6
        spacing: Theme.gap

        ColumnLayout {
            Layout.preferredWidth: 118
            Layout.fillWidth: false
            spacing: 4
            Text {
                text: lane.stem
                color: lane.tint
                font.pixelSize: Theme.large
                font.weight: Font.DemiBold
                elide: Text.ElideRight
                Layout.fillWidth: true
            }
            GridLayout {
                columns: lane.height > 96 ? 2 : 4
                columnSpacing: 4
                rowSpacing: 4
                Toggle { compact: true; text: lane.height > 96 ? qsTr("mute") : "M"; item: controls.item(lane.path + "mute"); lit: Theme.warning; Layout.fillWidth: true }
                Toggle { compact: true; text: lane.height > 96 ? qsTr("solo") : "S"; item: controls.item(lane.path + "solo"); lit: Theme.good; Layout.fillWidth: true }
                Toggle { compact: true; text: lane.height > 96 ? qsTr("hold") : "H"; item: controls.item(lane.path + "hold"); lit: lane.tint; Layout.fillWidth: true }
                IconButton {
                    objectName: "again " + lane.stem
                    compact: true
                    path: Icons.again
                    filled: false
                    enabled: lane.pattern && !controls.item(lane.path + "hold").value
                    tint: lane.pattern && lane.pattern.value > 0 ? Qt.darker(lane.tint, 1.6) : Theme.raised
                    tip: qsTr("%1: another pattern over the same harmony; right click: the song's own again").arg(lane.stem)
                    onClicked: lane.again()
                    Layout.fillWidth: true
                    TapHandler { acceptedButtons: Qt.RightButton; onTapped: lane.pattern.move(0) }
                }
            }
        }
        RollView {
            stem: lane.stem
            tint: lane.tint
            Layout.fillWidth: true
            Layout.fillHeight: true
            Button {
                objectName: "own pattern " + lane.stem
                anchors { right: parent.right; top: parent.top; margins: 4 }
                visible: lane.has_given
                compact: true
                text: qsTr("given notes ×")
                tint: lane.tint
                ink: Theme.ground
                tip: qsTr("%1 plays notes that were played in or dropped here: a click gives it its own pattern again").arg(lane.stem)
                onClicked: lane.given.move("off")
            }
            Rectangle { anchors.fill: parent; visible: drop.containsDrag; color: "transparent"; radius: 4; border.color: lane.tint; border.width: 2 }
            DropArea {
                id: drop
                anchors.fill: parent
                keys: ["text/uri-list"]
                onDropped: event => { if (event.hasUrls) lane.given.move(preferences.local_path(event.urls[0].toString())); }
            }
        }
        Knob { item: controls.item(lane.path + "density"); label: qsTr("density"); tint: lane.tint; size: lane.height > 80 ? 40 : 32 }
        Knob { item: controls.item(lane.path + "brightness"); label: qsTr("bright"); tint: lane.tint; size: lane.height > 80 ? 40 : 32 }
        Knob { item: controls.item(lane.path + "pan"); label: qsTr("pan"); tint: lane.tint; size: lane.height > 80 ? 40 : 32 }
        Fader {
            item: controls.item(lane.path + "gain")
            label: qsTr("%1 level").arg(lane.stem)
            tint: lane.tint
            implicitWidth: 28
            Layout.fillHeight: true
        }
        Meter { stem: lane.stem; tint: lane.tint; implicitWidth: 12; Layout.fillHeight: true }
    }
}
